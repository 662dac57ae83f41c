// Rows and columns in messages (RFC 7047 section 5.1 <row>), with the table and column named in every error.
#pragma once

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

// The error preceded by "table T, column C".
template <class T>
Result<T> in_column(const TableSchema& table, const ColumnSchema& column, Result<T> result);

// A column's name to its position; a name of no column is an "unknown column".
Result<std::size_t> column_from_json(const TableSchema& table, const json::value& value);

// An array of names to positions, each at most once; a name of no column is a "syntax error" here, as the servers
// people know have it.
Result<std::vector<std::size_t>> columns_from_json(const TableSchema& table, const json::value& value);
std::vector<std::size_t> all_columns(const TableSchema& table);

struct ColumnValue {
  std::size_t column;
  Datum value;
};
// `value`: an object of some columns and their values. Errors also: "constraint violation".
Result<std::vector<ColumnValue>> row_from_json(const TableSchema& table, const json::value& value,
                                               const NamedUuids& named = {});
json::object row_to_json(const TableSchema& table, const Row& row, std::span<const std::size_t> columns);

// Every column at its default; _uuid and _version zero.
std::vector<Datum> default_columns(const TableSchema& table);

template <class T>
Result<T> in_column(const TableSchema& table, const ColumnSchema& column, Result<T> result) {
  if (!result) {
    auto& details = result.error().details;
    details.insert(0, "table " + table.name + ", column " + column.name + ": ");
  }
  return result;
}

}  // namespace weft::ovsdb
