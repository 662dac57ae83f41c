#include "ovsdb/row_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {

Result<std::size_t> find_column(const TableSchema& table, std::string_view name, const json::value& mentioned_in) {
  const auto column = table.find(name);
  if (!column) return fail_at(unknown_column, fmt::format("No column {} in table {}.", name, table.name), mentioned_in);
  return *column;
}

Result<std::vector<std::size_t>> columns_from_json(const TableSchema& table, const json::array& names) {
  const auto no_distinct_names = [&] {
    return fail_at(syntax_error, "array of distinct column names expected", names);
  };
  std::vector<bool> is_taken(table.columns.size());
  std::vector<std::size_t> columns;
  for (const auto& name : names) {
    if (!name.is_string()) return no_distinct_names();
    const auto column = table.find(name.get_string());
    if (!column) return no_such_column(name.get_string(), names);
    if (is_taken[*column]) return no_distinct_names();
    is_taken[*column] = true;
    columns.push_back(*column);
  }
  return columns;
}

std::unexpected<Error> no_such_column(std::string_view name, const json::array& names) {
  return fail_at(syntax_error, fmt::format("{} is not a valid column name", name), names);
}

std::string type_mismatch(std::string_view operation, const ColumnSchema& column) {
  return fmt::format("Type mismatch: \"{}\" operator may not be applied to column {} of type {}.", operation,
                     column.name, column.type.describe());
}

std::vector<std::size_t> all_columns(const TableSchema& table) {
  std::vector<std::size_t> columns(table.columns.size());
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

Result<std::vector<ColumnValue>> row_from_json(const TableSchema& table, const json::value& value,
                                               const NamedUuids& named) {
  const auto* object = value.if_object();
  if (!object) return fail_at(syntax_error, "row must be JSON object", value);
  return row_from_json(table, *object, named);
}

Result<std::vector<ColumnValue>> row_from_json(const TableSchema& table, const json::object& object,
                                               const NamedUuids& named) {
  std::vector<ColumnValue> row;
  row.reserve(object.size());
  for (const auto& member : object) {
    const auto position = table.find(member.key());
    if (!position) return std::unexpected(find_column(table, member.key(), object).error());
    row.push_back({*position, TRY(table.columns[*position].type.datum_from_json(member.value(), named))});
  }
  return row;
}

json::object row_to_json(const TableSchema& table, const Row& row, std::span<const std::size_t> columns) {
  json::object object;
  object.reserve(columns.size());
  for (const auto column : columns) {
    object.emplace(table.columns[column].name, table.columns[column].type.datum_to_json(row.columns[column]));
  }
  return object;
}

std::vector<Datum> default_columns(const TableSchema& table) {
  std::vector<Datum> columns;
  columns.reserve(table.columns.size());
  for (const auto& column : table.columns) columns.push_back(column.default_value);
  return columns;
}

}  // namespace weft::ovsdb
