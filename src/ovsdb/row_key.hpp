// Rows hashed and compared by the values of some of their columns.
#pragma once

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

// A key is a value for each of `columns`, in their order.
struct RowKeyHash {
  using is_transparent = void;
  std::vector<std::size_t> columns;
  std::size_t operator()(std::span<const Datum> key) const;
  std::size_t operator()(const Row& row) const;
  std::size_t operator()(const RowPtr& row) const { return (*this)(*row); }
};

struct RowKeyEqual {
  using is_transparent = void;
  std::vector<std::size_t> columns;
  bool operator()(const Row& a, const Row& b) const;
  bool operator()(std::span<const Datum> key, const RowPtr& row) const;
  bool operator()(const RowPtr& a, const RowPtr& b) const { return (*this)(*a, *b); }
  bool operator()(const Row& a, const RowPtr& b) const { return (*this)(a, *b); }
};

}  // namespace weft::ovsdb
