#include "ovsdb/unique_index.hpp"

namespace weft::ovsdb {

RowPtr UniqueIndex::find(std::span<const Datum> key) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : *found;
}

RowPtr UniqueIndex::find_equal(const Row& row) const {
  const auto found = rows_.find(row);
  return found == rows_.end() ? nullptr : *found;
}

void UniqueIndex::erase(const Row& row) {
  const auto found = rows_.find(row);
  if (found != rows_.end() && (*found)->uuid() == row.uuid()) rows_.erase(found);
}

}  // namespace weft::ovsdb
