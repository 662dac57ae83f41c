#include "ovsdb/row_references.hpp"

namespace weft::ovsdb {

std::vector<ReferenceColumn> reference_columns(const DatabaseSchema& schema, const TableSchema& table) {
  std::vector<ReferenceColumn> result;
  const auto add = [&](std::size_t column, bool in_values, const BaseType& base) {
    if (base.ref_table.empty()) return;
    result.push_back(
        {.column = column, .in_values = in_values, .weak = base.weak, .target = *schema.find(base.ref_table)});
  };
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto& type = table.columns[i].type;
    add(i, false, type.key);
    if (type.value) add(i, true, *type.value);
  }
  return result;
}

}  // namespace weft::ovsdb
