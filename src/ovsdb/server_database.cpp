#include "ovsdb/server_database.hpp"

#include "base/check.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {
namespace {

// ovsdb-server(5).
constexpr std::string_view schema_text = R"({
  "name": "_Server",
  "version": "1.2.0",
  "tables": {
    "Database": {
      "columns": {
        "name": {"type": "string"},
        "model": {"type": {"key": {"type": "string", "enum": ["set", ["standalone", "clustered", "relay"]]}}},
        "connected": {"type": "boolean"},
        "leader": {"type": "boolean"},
        "schema": {"type": {"key": "string", "min": 0, "max": 1}},
        "cid": {"type": {"key": "uuid", "min": 0, "max": 1}},
        "sid": {"type": {"key": "uuid", "min": 0, "max": 1}},
        "index": {"type": {"key": "integer", "min": 0, "max": 1}}
      }
    }
  }
})";

// By name: there are few rows.
RowPtr find_row(const Database& server_database, std::string_view name) {
  const auto table = *server_database.schema().find("Database");
  const auto column = *server_database.schema().tables[table].find("name");
  for (const auto& [uuid, row] : server_database.rows(table))
    if (*row->columns[column].single<std::string>() == name) return row;
  return nullptr;
}

}  // namespace

std::unique_ptr<Database> make_server_database() {
  auto schema = DatabaseSchema::from_json(*parse_json(schema_text));
  CHECK(schema);
  auto database = std::make_unique<Database>(std::move(*schema), nullptr);
  announce(*database, {.name = database->schema().name, .schema = &database->schema()});
  return database;
}

void announce(Database& server_database, const Announcement& served) {
  const auto table = *server_database.schema().find("Database");
  const auto& table_schema = server_database.schema().tables[table];
  const auto old = find_row(server_database, served.name);
  auto columns = old ? old->columns : default_columns(table_schema);
  if (!old) columns[uuid_column] = Datum::scalar(Uuid::random());
  const auto set = [&](std::string_view column, Atom value) {
    columns[*table_schema.find(column)] = Datum::scalar(std::move(value));
  };
  set("name", served.name);
  set("model", served.model);
  set("connected", served.is_connected);
  set("leader", served.is_leader);
  if (served.schema) set("schema", to_text(served.schema->to_json()));
  Transaction transaction(server_database);
  if (old) {
    transaction.replace(table, old->uuid(), std::move(columns));
  } else {
    transaction.insert(table, std::move(columns));
  }
  CHECK(transaction.commit());
}

void retract(Database& server_database, std::string_view name) {
  const auto row = find_row(server_database, name);
  if (!row) return;
  Transaction transaction(server_database);
  transaction.erase(*server_database.schema().find("Database"), row->uuid());
  CHECK(transaction.commit());
}

}  // namespace weft::ovsdb
