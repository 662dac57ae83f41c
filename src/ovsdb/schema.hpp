// Schemas of columns, tables and databases (RFC 7047 section 3.2).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ovsdb/column_type.hpp"
#include "ovsdb/identifier.hpp"

namespace weft::ovsdb {

// Every table begins with these two columns; the schema's own follow in order of their names.
inline constexpr std::size_t uuid_column = 0;     // _uuid
inline constexpr std::size_t version_column = 1;  // _version: changes with the row
inline constexpr std::size_t first_own_column = 2;

struct ColumnSchema {
  std::string name;
  ColumnType type;
  bool ephemeral = false;    // Not kept in the file.
  bool is_mutable = true;    // False: set at insertion only.
  Datum default_value = {};  // type.default_datum(), shared by all rows.
};

struct TableSchema {
  std::string name;
  std::vector<ColumnSchema> columns;
  std::vector<std::vector<std::size_t>> indexes;  // Each: positions of the columns that are unique together.
  std::size_t max_rows = unlimited;
  bool is_root = false;

  // Position in columns.
  std::optional<std::size_t> find(std::string_view column) const;
};

struct DatabaseSchema {
  std::string name;
  std::string version;              // "8.3.1"; may be empty where the schema has none.
  std::string checksum;             // "cksum" of the schema, kept as it was given; may be empty.
  std::vector<TableSchema> tables;  // In order of their names.

  // Checks names, references and indexes; where no table says isRoot, all are roots (RFC 7047 section 3.2).
  static Result<DatabaseSchema> from_json(const json::value& value);
  json::value to_json() const;
  std::optional<std::size_t> find(std::string_view table) const;
};

// "8.3.1" as its three numbers; nothing where it is anything else.
using SchemaVersion = std::array<unsigned, 3>;
std::optional<SchemaVersion> parse_schema_version(std::string_view text);

}  // namespace weft::ovsdb
