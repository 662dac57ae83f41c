// For tests: a small database of every kind of column, and short words to change it.
#pragma once

#include <gtest/gtest.h>

#include "ovsdb/transaction.hpp"

namespace weft::ovsdb::fixture {

// Switch (root, at most 2) owns Ports strongly; a Port's name is unique, and so are slot and name together; a Port may
// name a peer weakly; a Mirror (root) must name a port weakly, and owns Ports by the names of others (weak keys,
// strong values).
inline DatabaseSchema schema() {
  constexpr std::string_view text = R"({"name": "Lab", "version": "1.0.0", "tables": {
    "Switch": {"isRoot": true, "maxRows": 2, "columns": {
      "name": {"type": "string"},
      "ports": {"type": {"key": {"type": "uuid", "refTable": "Port"}, "min": 0, "max": "unlimited"}}}},
    "Port": {"indexes": [["name"], ["slot", "name"]], "columns": {
      "name": {"type": "string"},
      "slot": {"type": {"key": "integer", "min": 0}},
      "peer": {"type": {"key": {"type": "uuid", "refTable": "Port", "refType": "weak"}, "min": 0}},
      "twin": {"type": {"key": {"type": "uuid", "refTable": "Port"}, "min": 0}},
      "status": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}, "ephemeral": true}}},
    "Mirror": {"isRoot": true, "columns": {
      "output": {"type": {"key": {"type": "uuid", "refTable": "Port", "refType": "weak"}, "min": 1, "max": 3}},
      "copies": {"type": {"key": {"type": "uuid", "refTable": "Port", "refType": "weak"},
                          "value": {"type": "uuid", "refTable": "Port"}, "min": 0, "max": "unlimited"}}}}}})";
  return DatabaseSchema::from_json(parse_json(text).value()).value();
}

struct Value {
  std::string_view column;
  Datum datum;
};

// By names: a test reads like what it does.
class Lab {
 public:
  explicit Lab(std::unique_ptr<Storage> storage = nullptr) : database(schema(), std::move(storage)) {}

  std::size_t table(std::string_view name) const { return *database.schema().find(name); }
  std::size_t column(std::string_view table_name, std::string_view name) const {
    return *database.schema().tables[table(table_name)].find(name);
  }

  std::vector<Datum> with(std::string_view table_name, std::vector<Datum> columns, const std::vector<Value>& values) {
    for (const auto& value : values) columns[column(table_name, value.column)] = value.datum;
    return columns;
  }
  Uuid insert(Transaction& transaction, std::string_view table_name, const std::vector<Value>& values) {
    std::vector<Datum> columns;
    for (const auto& each : database.schema().tables[table(table_name)].columns) columns.push_back(each.default_value);
    const auto uuid = Uuid::random();
    columns[uuid_column] = Datum::scalar(uuid);
    transaction.insert(table(table_name), with(table_name, std::move(columns), values));
    return uuid;
  }
  void update(Transaction& transaction, std::string_view table_name, const Uuid& uuid,
              const std::vector<Value>& values) {
    const auto row = transaction.find(table(table_name), uuid);
    transaction.replace(table(table_name), uuid, with(table_name, row->columns, values));
  }
  void erase(Transaction& transaction, std::string_view table_name, const Uuid& uuid) {
    transaction.erase(table(table_name), uuid);
  }

  RowPtr find(std::string_view table_name, const Uuid& uuid) const { return database.find(table(table_name), uuid); }
  Datum value(std::string_view table_name, const Uuid& uuid, std::string_view column_name) const {
    return find(table_name, uuid)->columns[column(table_name, column_name)];
  }
  std::size_t count(std::string_view table_name) const { return database.rows(table(table_name)).size(); }

  Database database;
};

inline Datum text(std::string_view value) { return Datum::scalar(std::string(value)); }
inline Datum number(std::int64_t value) { return Datum::scalar(value); }
inline Datum references(const std::vector<Uuid>& uuids) {
  return Datum::set(std::vector<Atom>(uuids.begin(), uuids.end()));
}

}  // namespace weft::ovsdb::fixture
