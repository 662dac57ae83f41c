#include "ovsdb/monitor_condition.hpp"

namespace weft::ovsdb {

Result<> MonitorCondition::add(const TableSchema& table, const json::value* where) {
  requests_.push_back(where ? TRY(Condition::from_json(table, *where)) : Condition());
  return {};
}

bool MonitorCondition::matches(const Row& row) const {
  return std::ranges::any_of(requests_, [&](const Condition& request) { return request.matches_any(row); });
}

}  // namespace weft::ovsdb
