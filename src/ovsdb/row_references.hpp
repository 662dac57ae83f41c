// Which columns of a table refer to other rows, and what a change of a row changes in its references.
#pragma once

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

// A row of some table of the database.
struct RowId {
  std::size_t table;
  Uuid uuid;
  bool operator==(const RowId&) const = default;
};
struct RowIdHash {
  std::size_t operator()(const RowId& id) const noexcept { return std::hash<Uuid>()(id.uuid) ^ id.table; }
};

// A column whose keys or values are UUIDs of rows of another table (or the same). A map may appear twice.
struct ReferenceColumn {
  std::size_t column;
  bool in_values;  // In the values of a map; in the keys otherwise.
  bool weak;
  std::size_t target;  // The table referred to.

  std::span<const Atom> references(const Row& row) const {
    const auto& datum = row.columns[column];
    return in_values ? datum.values() : datum.keys();
  }
};
std::vector<ReferenceColumn> reference_columns(const DatabaseSchema& schema, const TableSchema& table);

// Calls visit(UUID referred to, +1 or -1) for each reference that `after` has and `before` has not, and the other way
// round. Either may be null: a row without references. Costs by the columns' sizes only if they are not the same.
template <class Visit>
void for_each_changed_reference(const ReferenceColumn& column, const Row* before, const Row* after, Visit visit) {
  const Datum empty;
  const Datum& old_datum = before ? before->columns[column.column] : empty;
  const Datum& new_datum = after ? after->columns[column.column] : empty;
  if (old_datum.is_same_object(new_datum)) return;
  const auto old_keys = old_datum.keys(), new_keys = new_datum.keys();
  const auto old_references = column.in_values ? old_datum.values() : old_keys;
  const auto new_references = column.in_values ? new_datum.values() : new_keys;
  const auto ends = common_ends(old_datum, new_datum);
  const auto old_end = old_keys.size() - ends.last, new_end = new_keys.size() - ends.last;
  auto i = ends.first, j = ends.first;
  while (i < old_end || j < new_end) {
    const bool only_old = j == new_end || (i < old_end && old_keys[i] < new_keys[j]);
    const bool only_new = !only_old && (i == old_end || new_keys[j] < old_keys[i]);
    const bool same = !only_old && !only_new && old_references[i] == new_references[j];
    if (!only_new && !same) visit(std::get<Uuid>(old_references[i]), -1);
    if (!only_old && !same) visit(std::get<Uuid>(new_references[j]), +1);
    if (!only_new) ++i;
    if (!only_old) ++j;
  }
}

}  // namespace weft::ovsdb
