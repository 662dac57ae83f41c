#include "ovsdb/row_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

std::unexpected<Error> no_such_column(const char* tag, const TableSchema& table, std::string_view name) {
  return fail(tag, fmt::format("table {} has no column {}", table.name, excerpt(json::value(name))));
}

}  // namespace

Result<std::size_t> column_from_json(const TableSchema& table, const json::value& value) {
  if (!value.is_string()) return fail(syntax_error, "a column's name must be a string, not " + excerpt(value));
  const std::string_view name = value.get_string();
  const auto column = table.find(name);
  if (!column) return no_such_column(unknown_column, table, name);
  return *column;
}

Result<std::vector<std::size_t>> columns_from_json(const TableSchema& table, const json::value& value) {
  const auto* names = value.if_array();
  if (!names) return fail(syntax_error, "\"columns\" must be an array of names, not " + excerpt(value));
  std::vector<bool> is_taken(table.columns.size());
  std::vector<std::size_t> columns;
  for (const auto& name : *names) {
    const auto column = column_from_json(table, name);
    if (!column) return fail(syntax_error, column.error().details);
    if (is_taken[*column]) return fail(syntax_error, excerpt(name) + " stands in \"columns\" twice");
    is_taken[*column] = true;
    columns.push_back(*column);
  }
  return columns;
}

std::vector<std::size_t> all_columns(const TableSchema& table) {
  std::vector<std::size_t> columns(table.columns.size());
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

Result<std::vector<ColumnValue>> row_from_json(const TableSchema& table, const json::value& value,
                                               const NamedUuids& named) {
  const auto* object = value.if_object();
  if (!object) return fail(syntax_error, "a row must be an object, not " + excerpt(value));
  std::vector<ColumnValue> row;
  row.reserve(object->size());
  for (const auto& member : *object) {
    const auto position = table.find(member.key());
    if (!position) return no_such_column(unknown_column, table, member.key());
    const auto& column = table.columns[*position];
    auto datum = TRY(in_column(table, column, column.type.datum_from_json(member.value(), named)));
    row.push_back({*position, std::move(datum)});
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
