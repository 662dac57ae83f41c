// The rows of one table by the values of some of their columns, which are unique together (RFC 7047 section 3.2,
// "indexes").
#pragma once

#include <unordered_set>

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

class UniqueIndex {
 public:
  explicit UniqueIndex(std::vector<std::size_t> columns) : rows_(0, Hash{columns}, Equal{columns}), columns_(columns) {}

  const std::vector<std::size_t>& columns() const { return columns_; }
  std::size_t size() const { return rows_.size(); }

  // `key`: a value for each of columns(), in their order. Null if there is none.
  RowPtr find(std::span<const Datum> key) const;
  // The row that has the same values as `row`, which may be `row` itself; null if there is none.
  RowPtr find_equal(const Row& row) const;
  bool has_key(const Row& row, std::span<const Datum> key) const { return rows_.key_eq()(key, row); }
  bool same_key(const Row& a, const Row& b) const { return rows_.key_eq()(a, b); }

  // False, and nothing done, if another row has the values already.
  bool insert(const RowPtr& row) { return rows_.insert(row).second; }
  void erase(const Row& row);

 private:
  struct Hash {
    using is_transparent = void;
    std::vector<std::size_t> columns;
    std::size_t operator()(std::span<const Datum> key) const;
    std::size_t operator()(const Row& row) const;
    std::size_t operator()(const RowPtr& row) const { return (*this)(*row); }
  };
  struct Equal {
    using is_transparent = void;
    std::vector<std::size_t> columns;
    bool operator()(const Row& a, const Row& b) const;
    bool operator()(std::span<const Datum> key, const Row& row) const;
    bool operator()(std::span<const Datum> key, const RowPtr& row) const { return (*this)(key, *row); }
    bool operator()(const RowPtr& a, const RowPtr& b) const { return (*this)(*a, *b); }
    bool operator()(const Row& a, const RowPtr& b) const { return (*this)(a, *b); }
  };

  std::unordered_set<RowPtr, Hash, Equal> rows_;
  std::vector<std::size_t> columns_;
};

}  // namespace weft::ovsdb
