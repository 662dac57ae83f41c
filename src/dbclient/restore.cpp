// restore: a database's content becomes that of a backup, in one transaction. Rows get new UUIDs; references follow.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "base/unique_fd.hpp"
#include "dbclient/handlers.hpp"
#include "ovsdb/file_record.hpp"
#include "ovsdb/log_reader.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::dbclient {
namespace {

// Of a backup that comes through a pipe, and is kept in memory.
constexpr std::size_t max_backup_bytes = std::size_t{1} << 30;

// Standard input as a file that can be read again: a pipe cannot.
Result<UniqueFd> standard_input() {
  UniqueFd copy(::memfd_create("backup", MFD_CLOEXEC));
  if (!copy) return fail("I/O error", fmt::format("no memory for the backup: {}", std::strerror(errno)));
  std::vector<char> buffer(64 << 10);
  for (std::size_t total = 0;;) {
    const auto size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size == 0) return copy;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail("I/O error", fmt::format("standard input: {}", std::strerror(errno)));
    total += static_cast<std::size_t>(size);
    if (total > max_backup_bytes)
      return fail("too large", fmt::format("standard input: a backup of more than {} bytes", max_backup_bytes));
    if (::write(copy.get(), buffer.data(), static_cast<std::size_t>(size)) != size)
      return fail("I/O error", fmt::format("no memory for the backup: {}", std::strerror(errno)));
  }
}

Result<std::unique_ptr<ovsdb::Database>> read_backup(int fd) {
  std::unique_ptr<ovsdb::Database> database;
  std::optional<ovsdb::RecordedRows> rows;
  const auto take = [&](const ovsdb::LogRecord& record) -> Result<> {
    if (rows) {
      TRY(rows->apply(record.value));
      return {};
    }
    auto schema = TRY(ovsdb::DatabaseSchema::from_json(record.value));
    database = std::make_unique<ovsdb::Database>(std::move(schema), nullptr);
    rows.emplace(database->schema());
    return {};
  };
  const auto extent = TRY(ovsdb::read_log(fd, take));
  // To a server it would be an unfinished commit; here it may be all the rows.
  if (extent.torn_bytes > 0)
    return fail("corrupt database",
                fmt::format("the backup is cut short: behind byte {} is half a record", extent.good_end));
  if (!rows) return fail("not a database", "it has no schema");
  TRY(rows->insert_into(*database));
  return database;
}

Result<> check_schemas(const Context& context, const ovsdb::DatabaseSchema& backup,
                       const ovsdb::DatabaseSchema& present) {
  if (context.options.force) return {};
  if (backup.version != present.version) {
    return fail("wrong schema",
                fmt::format("backup schema has version \"{}\" but database schema has version \"{}\" (use "
                            "--force to override differences, or \"ovsdb-client convert\" to change the "
                            "schema)",
                            backup.version, present.version));
  }
  if (backup.to_json() != present.to_json()) {
    return fail("wrong schema",
                "backup schema and database schema have the same version but differ (use --force to "
                "override differences, or \"ovsdb-client convert\" to change the schema)");
  }
  return {};
}

std::string row_name(std::string uuid) {
  std::ranges::replace(uuid, '-', '_');
  return "row" + uuid;
}

using Uuids = std::unordered_set<std::string>;

// In a column of UUIDs: each that names a row of the backup becomes the name that its insertion has.
void name_rows(json::value& value, const Uuids& uuids) {
  auto* array = value.if_array();
  if (!array) return;
  const bool is_uuid = array->size() == 2 && (*array)[0] == "uuid" && (*array)[1].is_string();
  if (!is_uuid) {
    for (auto& element : *array) name_rows(element, uuids);
  } else if (const std::string uuid((*array)[1].get_string()); uuids.contains(uuid)) {
    value = json::array{"named-uuid", row_name(uuid)};
  }
}

bool has_uuids(const ovsdb::ColumnType& type) {
  return type.key.type == ovsdb::AtomType::uuid || (type.value && type.value->type == ovsdb::AtomType::uuid);
}

void add_insertions(const ovsdb::TableSchema& table, const ovsdb::Rows& rows, const Uuids& uuids,
                    json::array& operations) {
  std::vector<std::size_t> kept;
  for (std::size_t i = ovsdb::first_own_column; i < table.columns.size(); ++i)
    if (!table.columns[i].ephemeral) kept.push_back(i);
  for (const auto& [uuid, row] : rows) {
    auto values = ovsdb::row_to_json(table, *row, kept);
    for (const auto column : kept)
      if (has_uuids(table.columns[column].type)) name_rows(values.at(table.columns[column].name), uuids);
    operations.push_back(json::object{{"op", "insert"},
                                      {"table", table.name},
                                      {"uuid-name", row_name(uuid.to_string())},
                                      {"row", std::move(values)}});
  }
}

json::array operations_for(const ovsdb::Database& backup) {
  const auto& tables = backup.schema().tables;
  Uuids uuids;
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (const auto& [uuid, row] : backup.rows(i)) uuids.insert(uuid.to_string());
  json::array operations{json::object{{"op", "comment"}, {"comment", "ovsdb-client: restoring from a backup"}}};
  for (const auto& table : tables)
    operations.push_back(json::object{{"op", "delete"}, {"table", table.name}, {"where", json::array()}});
  for (std::size_t i = 0; i < tables.size(); ++i) add_insertions(tables[i], backup.rows(i), uuids, operations);
  return operations;
}

}  // namespace

Result<> restore(Context& context) {
  const auto input = TRY(standard_input());
  const auto backup = read_backup(input.get());
  if (!backup) return fail(backup.error().tag, "standard input: " + backup.error().details);
  const auto present = TRY(context.read_schema(context.database));
  TRY(check_schemas(context, (*backup)->schema(), present));
  TRY(context.transact(operations_for(**backup)));
  return {};
}

}  // namespace weft::dbclient
