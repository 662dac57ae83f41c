// Rows and columns in messages (RFC 7047 section 5.1 <row>), with the table and column named in every error.
#pragma once

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

// The error preceded by "table T, column C".
template <class T>
Result<T> in_column(const TableSchema& table, const ColumnSchema& column, Result<T> result);

// A column's name to its position; a name of no column is an "unknown column" in `mentioned_in`.
Result<std::size_t> find_column(const TableSchema& table, std::string_view name, const json::value& mentioned_in);

// Names to positions, each at most once; a name of no column is a "syntax error" here, as the servers people know have
// it.
Result<std::vector<std::size_t>> columns_from_json(const TableSchema& table, const json::array& names);
std::unexpected<Error> no_such_column(std::string_view name, const json::array& names);
std::vector<std::size_t> all_columns(const TableSchema& table);

struct ColumnValue {
  std::size_t column;
  Datum value;
};
// `value`: an object of some columns and their values. Errors also: "constraint violation".
Result<std::vector<ColumnValue>> row_from_json(const TableSchema& table, const json::value& value,
                                               const NamedUuids& named = {});
Result<std::vector<ColumnValue>> row_from_json(const TableSchema& table, const json::object& object,
                                               const NamedUuids& named = {});
json::object row_to_json(const TableSchema& table, const Row& row, std::span<const std::size_t> columns);

// What is wrong with a function of conditions, or a mutator, that the column's type does not have.
std::string type_mismatch(std::string_view operation, const ColumnSchema& column);

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
