// For tests: a directory with a database file in it, and short words to change its one table.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "ovsdb/database_file.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb::file_fixture {

inline constexpr std::string_view schema_text = R"({"name": "T", "version": "1.0.0", "tables": {
  "A": {"isRoot": true, "columns": {
    "name": {"type": "string"},
    "numbers": {"type": {"key": "integer", "min": 0, "max": "unlimited"}},
    "words": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
    "level": {"type": {"key": "integer", "min": 0, "max": 1}},
    "status": {"type": "string", "ephemeral": true}}}}})";

inline DatabaseSchema schema() { return *DatabaseSchema::from_json(*parse_json(schema_text)); }

class DatabaseFileTest : public testing::Test {
 protected:
  DatabaseFileTest() {
    char name[] = "/tmp/weft-database-test-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~DatabaseFileTest() override { std::filesystem::remove_all(directory_); }

  std::string path() const { return directory_ / "etc" / "conf.db"; }
  Result<std::unique_ptr<DatabaseFile>> open() const { return open_database(path(), schema(), {}); }
  std::string bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // A new file: some file systems wait for the disk when an old one is truncated.
  void write(std::string_view content) const {
    std::filesystem::remove(path());
    std::ofstream(path(), std::ios::binary) << content;
  }
  std::filesystem::path directory_;
};

// Sets columns, given as JSON, of the row; makes it where it does not exist.
inline void set(Database& database, const Uuid& row, std::string_view columns_text, const std::string& comment = "") {
  const auto& table = database.schema().tables[0];
  Transaction transaction(database);
  const auto old = database.find(0, row);
  std::vector<Datum> columns;
  for (const auto& column : table.columns) columns.push_back(column.default_value);
  if (old) columns = old->columns;
  columns[uuid_column] = Datum::scalar(row);
  const auto changes = *parse_json(columns_text);
  for (const auto& member : changes.get_object()) {
    const auto column = *table.find(member.key());
    columns[column] = *table.columns[column].type.datum_from_json(member.value());
  }
  if (old)
    transaction.replace(0, row, columns);
  else
    transaction.insert(0, columns);
  transaction.add_comment(comment);
  const auto committed = transaction.commit();
  ASSERT_TRUE(committed) << committed.error().details;
}

inline void erase(Database& database, const Uuid& row) {
  Transaction transaction(database);
  transaction.erase(0, row);
  ASSERT_TRUE(transaction.commit());
}

// The rows as JSON text, by UUID.
inline std::map<Uuid, std::string> content(const Database& database) {
  std::map<Uuid, std::string> rows;
  for (const auto& [uuid, row] : database.rows(0)) {
    json::object columns;
    const auto& table = database.schema().tables[0];
    for (std::size_t column = first_own_column; column < table.columns.size(); ++column)
      columns[table.columns[column].name] = table.columns[column].type.datum_to_json(row->columns[column]);
    rows[uuid] = to_text(columns);
  }
  return rows;
}

}  // namespace weft::ovsdb::file_fixture
