#include "ovsdb/remote_rows.hpp"

#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {
namespace {

// The one value of the column, or nullptr: there is no such column, or it has none or another type.
template <class T>
const T* value_of(const TableSchema& table, const Row& row, std::string_view column) {
  const auto position = table.find(column);
  return position && !table.columns[*position].type.is_map() ? row.columns[*position].single<T>() : nullptr;
}

RemoteOptions options_of(const TableSchema& table, const Row& row) {
  RemoteOptions options;
  if (const auto* target = value_of<std::string>(table, row, "target")) options.target = *target;
  if (const auto* backoff = value_of<std::int64_t>(table, row, "max_backoff"))
    options.max_backoff = std::chrono::milliseconds(std::clamp<std::int64_t>(*backoff, 0, longest_interval.count()));
  if (const auto* probe = value_of<std::int64_t>(table, row, "inactivity_probe"))
    options.inactivity_probe = std::chrono::milliseconds(std::clamp<std::int64_t>(*probe, 0, longest_interval.count()));
  if (const auto* read_only = value_of<bool>(table, row, "read_only")) options.read_only = *read_only;
  if (const auto* role = value_of<std::string>(table, row, "role")) options.role = *role;
  return options;
}

const BaseType& type_of(const DatabasePlace& place) {
  return place.database->schema().tables[place.table].columns[place.column].type.key;
}

Datum to_datum(const std::map<std::string, std::string>& map) {
  std::vector<Atom> keys, values;
  for (const auto& [key, value] : map) {
    keys.emplace_back(key);
    values.emplace_back(value);
  }
  return Datum::from_sorted(std::move(keys), std::move(values));
}

bool holds_booleans(const ColumnType& type) { return !type.is_map() && type.key.type == AtomType::boolean; }
bool maps_strings(const ColumnType& type) {
  return type.is_map() && type.key.type == AtomType::string && type.value->type == AtomType::string;
}

}  // namespace

std::vector<PlacedRemote> read_remotes(const DatabasePlace& place) {
  const auto& schema = place.database->schema();
  const auto& type = type_of(place);
  const auto referred = type.ref_table.empty() ? std::nullopt : schema.find(type.ref_table);
  std::vector<PlacedRemote> remotes;
  for (const auto& [uuid, row] : place.database->rows(place.table)) {
    for (const auto& atom : row->columns[place.column].keys()) {
      if (const auto* target = std::get_if<std::string>(&atom)) {
        remotes.push_back({RemoteOptions{.target = *target}, std::nullopt});
      } else if (const auto* reference = std::get_if<Uuid>(&atom); reference && referred) {
        const auto found = place.database->find(*referred, *reference);
        if (!found) continue;
        remotes.push_back(
            {options_of(schema.tables[*referred], *found), RemoteRow{place.database, *referred, *reference}});
      }
    }
  }
  std::erase_if(remotes, [](const PlacedRemote& remote) { return remote.options.target.empty(); });
  return remotes;
}

std::string read_first_string(const DatabasePlace& place) {
  for (const auto& [uuid, row] : place.database->rows(place.table)) {
    for (const auto& atom : row->columns[place.column].keys()) {
      if (const auto* text = std::get_if<std::string>(&atom); text && !text->empty()) return *text;
    }
  }
  return {};
}

bool read_any_true(const DatabasePlace& place) {
  return std::ranges::any_of(place.database->rows(place.table), [&](const auto& entry) {
    const auto* value = entry.second->columns[place.column].template single<bool>();
    return value && *value;
  });
}

std::vector<std::size_t> tables_of(const DatabasePlace& place) {
  std::vector<std::size_t> tables{place.table};
  const auto& type = type_of(place);
  if (type.ref_table.empty()) return tables;
  if (const auto referred = place.database->schema().find(type.ref_table)) tables.push_back(*referred);
  return tables;
}

std::map<std::string, std::string> to_map(const RemoteStatus& status) {
  std::map<std::string, std::string> map;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) map[key] = value;
  };
  add("state", status.state);
  if (status.since_connect) map["sec_since_connect"] = std::to_string(status.since_connect->count());
  if (status.since_disconnect) map["sec_since_disconnect"] = std::to_string(status.since_disconnect->count());
  add("last_error", status.last_error);
  add("locks_held", status.locks_held);
  add("locks_waiting", status.locks_waiting);
  add("locks_lost", status.locks_lost);
  if (status.connections > 1) map["n_connections"] = std::to_string(status.connections);
  if (status.bound_port != 0) map["bound_port"] = std::to_string(status.bound_port);
  return map;
}

Result<> write_status(const RemoteRow& row, const RemoteStatus& status) {
  const auto old = row.database->find(row.table, row.uuid);
  if (!old) return {};
  const auto& schema = row.database->schema().tables[row.table];
  auto columns = old->columns;
  if (const auto column = schema.find("is_connected"); column && holds_booleans(schema.columns[*column].type))
    columns[*column] = Datum::scalar(status.is_connected);
  if (const auto column = schema.find("status"); column && maps_strings(schema.columns[*column].type))
    columns[*column] = to_datum(to_map(status));
  if (columns == old->columns) return {};
  Transaction transaction(*row.database);
  transaction.replace(row.table, row.uuid, std::move(columns));
  return transaction.commit();
}

}  // namespace weft::ovsdb
