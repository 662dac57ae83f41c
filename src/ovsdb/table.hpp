// Rows and tables. A row is immutable: a change replaces it, so whoever holds the old one can still read it.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <unordered_map>
#include <vector>

#include "ovsdb/schema.hpp"

namespace weft::ovsdb {

struct Row : boost::intrusive_ref_counter<Row, boost::thread_unsafe_counter> {
  std::vector<Datum> columns;  // By position in TableSchema::columns.

  const Uuid& uuid() const { return std::get<Uuid>(columns[uuid_column].keys().front()); }
};
using RowPtr = boost::intrusive_ptr<const Row>;

// Where a row stands moves as others come; what it points to does not.
using Rows = boost::unordered_flat_map<Uuid, RowPtr, std::hash<Uuid>>;

// What happened to one row: inserted (before is null), modified, or deleted (after is null).
struct RowChange {
  RowPtr before;
  RowPtr after;
};

// What one committed transaction did: per table position, per row. Rows that are as before do not appear.
struct ChangeSet {
  std::vector<std::unordered_map<Uuid, RowChange>> tables;

  bool empty() const;
  std::size_t row_count() const;
  // As if `next`, which came after these, had been one commit with them.
  void add(const ChangeSet& next);
};

}  // namespace weft::ovsdb
