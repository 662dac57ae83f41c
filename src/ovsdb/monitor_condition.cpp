#include "ovsdb/monitor_condition.hpp"

namespace weft::ovsdb {

Result<> MonitorCondition::add(const TableSchema& table, const json::array* where) {
  requests_.push_back(where ? TRY(Condition::from_json(table, *where)) : Condition());
  return {};
}

bool MonitorCondition::matches(const Row& row) const {
  return std::ranges::any_of(requests_, [&](const Condition& request) { return request.matches_any(row); });
}

bool MonitorCondition::names_any(const std::function<bool(std::size_t column)>& is_such) const {
  const auto is_about_such = [&](const Clause& clause) {
    const bool has_column = clause.function != Function::always && clause.function != Function::never;
    return has_column && is_such(clause.column);
  };
  return std::ranges::any_of(
      requests_, [&](const Condition& request) { return std::ranges::any_of(request.clauses(), is_about_such); });
}

}  // namespace weft::ovsdb
