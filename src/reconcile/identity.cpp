#include "reconcile/identity.hpp"

#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

#include "reconcile/row_editor.hpp"

namespace weft::reconcile {
namespace {

std::string unquoted(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
    value = value.substr(1, value.size() - 2);
  }
  return std::string(value);
}

ovsdb::Datum set_of(std::initializer_list<const char*> texts) {
  return ovsdb::Datum::set(std::vector<ovsdb::Atom>(texts.begin(), texts.end()));
}

}  // namespace

void parse_os_release(std::string_view text, Identity& into) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("ID=")) into.system_type = unquoted(line.substr(3));
    if (line.starts_with("VERSION_ID=")) into.system_version = unquoted(line.substr(11));
  }
}

Identity read_identity(std::string run_directory) {
  Identity identity{.run_directory = std::move(run_directory), .system_type = "unknown", .system_version = "unknown"};
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) identity.hostname = name.data();
  std::stringstream text;
  text << std::ifstream("/etc/os-release").rdbuf();
  parse_os_release(text.str(), identity);
  return identity;
}

Uuid ensure_switch_row(ovsdb::Transaction& transaction, const Columns& columns) {
  const auto table = columns.open_vswitch.table;
  std::optional<Uuid> present;
  transaction.for_each(table, [&](const ovsdb::RowPtr& row) {
    present = row->uuid();
    return false;
  });
  if (present) return *present;
  std::vector<ovsdb::Datum> row;
  for (const auto& column : transaction.database().schema().tables[table].columns) row.push_back(column.default_value);
  const auto uuid = Uuid::random();
  row[ovsdb::uuid_column] = ovsdb::Datum::scalar(uuid);
  transaction.insert(table, std::move(row));
  return uuid;
}

void write_identity(ovsdb::Transaction& transaction, const Columns& columns, const Uuid& open_vswitch,
                    const Identity& identity) {
  const auto& at = columns.open_vswitch;
  RowEditor row(transaction, at.table, open_vswitch);
  row.set(at.ovs_version, to_datum(std::string(compatible_ovs_version)));
  row.set(at.db_version, to_datum(transaction.database().schema().version));
  row.set(at.system_type, to_datum(identity.system_type));
  row.set(at.system_version, to_datum(identity.system_version));
  row.set(at.datapath_types, set_of({"netdev", "system"}));
  row.set(at.iface_types, set_of({"internal", "patch", "system", "vxlan"}));
  row.set_key(at.external_ids, "rundir", identity.run_directory);
  const auto set_once = [&](const char* key, const std::string& value) {
    if (row.get(at.external_ids).string_at(key) == nullptr) row.set_key(at.external_ids, key, value);
  };
  set_once("hostname", identity.hostname);
  set_once("system-id", Uuid::random().to_string());
}

}  // namespace weft::reconcile
