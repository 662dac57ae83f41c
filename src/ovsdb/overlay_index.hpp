// The rows that a transaction changed in one table, by the columns of an index. Several may have the same values:
// uniqueness is demanded at the commit only.
#pragma once

#include <unordered_set>

#include "ovsdb/row_key.hpp"

namespace weft::ovsdb {

class OverlayIndex {
 public:
  explicit OverlayIndex(const std::vector<std::size_t>& columns)
      : rows_(0, RowKeyHash{columns}, RowKeyEqual{columns}) {}

  // Either may be null.
  void replace(const RowPtr& before, const RowPtr& after) {
    if (before) erase(before);
    if (after) rows_.insert(after);
  }
  // `visit` returns false to stop.
  template <class Visit>
  void for_each(std::span<const Datum> key, Visit visit) const {
    const auto [first, last] = rows_.equal_range(key);
    for (auto row = first; row != last && visit(*row); ++row) {
    }
  }

 private:
  void erase(const RowPtr& row) {
    const auto [first, last] = rows_.equal_range(row);
    const auto found = std::find(first, last, row);
    if (found != last) rows_.erase(found);
  }

  std::unordered_multiset<RowPtr, RowKeyHash, RowKeyEqual> rows_;
};

}  // namespace weft::ovsdb
