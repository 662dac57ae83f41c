// Which rows of a table a monitor shows: those that match any clause of any of its requests (ovsdb-server(7) section
// 4.1.12). In "select" and its like a row must match all of them.
#pragma once

#include <functional>

#include "ovsdb/condition.hpp"

namespace weft::ovsdb {

class MonitorCondition {
 public:
  // The "where" of one more request for the table; null: it has none. Without clauses a request shows all rows.
  Result<> add(const TableSchema& table, const json::array* where);
  bool matches(const Row& row) const;
  // Any of its clauses is about such a column.
  bool names_any(const std::function<bool(std::size_t column)>& is_such) const;

 private:
  std::vector<Condition> requests_;
};

}  // namespace weft::ovsdb
