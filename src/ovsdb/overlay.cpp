#include "ovsdb/overlay.hpp"

namespace weft::ovsdb {

std::size_t Overlay::count(std::size_t table) const {
  auto count = base.tables[table].rows.size();
  for (const auto& [uuid, change] : changes.tables[table]) {
    if (change.before && !change.after) --count;
    if (!change.before && change.after) ++count;
  }
  return count;
}

RowPtr make_row(std::vector<Datum> columns, const Row* previous) {
  auto* row = new Row;
  RowPtr owner(row);
  row->columns = std::move(columns);
  row->columns[version_column] = previous ? previous->columns[version_column] : Datum::scalar(Uuid::random());
  return owner;
}

}  // namespace weft::ovsdb
