#include "ovsdb/schema_difference.hpp"

namespace weft::ovsdb {
namespace {

std::optional<std::string> column_difference(const ColumnSchema& found, const ColumnSchema& expected) {
  if (found.type == expected.type && found.ephemeral == expected.ephemeral && found.is_mutable == expected.is_mutable)
    return std::nullopt;
  return fmt::format("column {} is {}, not {}", found.name, to_text(found.type.to_json()),
                     to_text(expected.type.to_json()));
}

// What only one of the two has, or has differently. Both are in order of their names.
template <class Things, class Compare>
std::optional<std::string> difference_by_name(std::string_view kind, const Things& found, const Things& expected,
                                              Compare compare) {
  auto a = found.begin();
  auto b = expected.begin();
  while (a != found.end() || b != expected.end()) {
    if (a == found.end() || (b != expected.end() && b->name < a->name))
      return fmt::format("there is no {} {}", kind, b->name);
    if (b == expected.end() || a->name < b->name) return fmt::format("{} {} is unknown", kind, a->name);
    if (auto difference = compare(*a++, *b++)) return difference;
  }
  return std::nullopt;
}

// Each index by its columns' names, in one order.
std::set<std::set<std::string>> index_names(const TableSchema& table) {
  std::set<std::set<std::string>> indexes;
  for (const auto& index : table.indexes) {
    std::set<std::string> names;
    for (const auto column : index) names.insert(table.columns[column].name);
    indexes.insert(std::move(names));
  }
  return indexes;
}

std::optional<std::string> table_difference(const TableSchema& found, const TableSchema& expected) {
  auto difference = difference_by_name("column", found.columns, expected.columns, column_difference);
  if (!difference && index_names(found) != index_names(expected)) difference = "the indexes differ";
  if (!difference && (found.max_rows != expected.max_rows || found.is_root != expected.is_root))
    difference = "maxRows or isRoot differs";
  return difference ? std::optional(fmt::format("table {}: {}", found.name, *difference)) : std::nullopt;
}

}  // namespace

std::optional<std::string> schema_difference(const DatabaseSchema& found, const DatabaseSchema& expected) {
  if (found.name != expected.name) return fmt::format("the database's name is {}, not {}", found.name, expected.name);
  return difference_by_name("table", found.tables, expected.tables, table_difference);
}

}  // namespace weft::ovsdb
