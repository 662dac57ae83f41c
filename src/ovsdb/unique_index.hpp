// The rows of one table by the values of some of their columns, which are unique together (RFC 7047 section 3.2,
// "indexes").
#pragma once

#include <unordered_set>

#include "ovsdb/row_key.hpp"

namespace weft::ovsdb {

class UniqueIndex {
 public:
  explicit UniqueIndex(const std::vector<std::size_t>& columns)
      : equal_{columns}, rows_(0, RowKeyHash{columns}, equal_) {}

  const std::vector<std::size_t>& columns() const { return equal_.columns; }
  std::size_t size() const { return rows_.size(); }
  void reserve(std::size_t rows) { rows_.reserve(rows); }

  // `key`: a value for each of columns(), in their order. Null if there is none.
  RowPtr find(std::span<const Datum> key) const;
  // The row that has the same values as `row`, which may be `row` itself; null if there is none.
  RowPtr find_equal(const Row& row) const;
  bool same_key(const Row& a, const Row& b) const { return equal_(a, b); }

  // False, and nothing done, if another row has the values already.
  bool insert(const RowPtr& row) { return rows_.insert(row).second; }
  void erase(const Row& row);

 private:
  RowKeyEqual equal_;
  std::unordered_set<RowPtr, RowKeyHash, RowKeyEqual> rows_;
};

}  // namespace weft::ovsdb
