#include "vsctl/record_edit.hpp"

#include <fmt/format.h>

namespace weft::vsctl {

using ovsdb::Datum;

Result<> check_mutable(const View& view, const ovsdb::TableSchema& table, const Uuid& row, std::size_t column) {
  if (table.columns[column].is_mutable || view.is_inserted(table.name, row)) return {};
  return fail("read-only column",
              fmt::format("cannot modify read-only column {} in table {}", table.columns[column].name, table.name));
}

Result<> set_column(View& view, const ovsdb::TableSchema& table, const Uuid& row, const Assignment& assignment) {
  TRY(check_mutable(view, table, row, assignment.column));
  const auto& column = table.columns[assignment.column];
  const auto present = TRY(view.read(table.name, row, column.name, Guard::none));
  if (!assignment.key) {
    if (present == assignment.value) return {};
    return view.assign(table.name, row, column.name, assignment.value);
  }
  const auto* value = present.value_of(*assignment.key);
  if (value && *value == assignment.value.values().front()) return {};
  TRY(view.remove_keys(table.name, row, column.name, Datum::scalar(*assignment.key)));
  return view.insert_elements(table.name, row, column.name, assignment.value);
}

Result<> set_columns(View& view, Symbols& symbols, const ovsdb::TableSchema& table, const Uuid& row,
                     std::span<const std::string> arguments) {
  for (const auto& argument : arguments) {
    const auto assignment = TRY(parse_assignment(table, argument, symbols));
    TRY(set_column(view, table, row, assignment));
  }
  return {};
}

}  // namespace weft::vsctl
