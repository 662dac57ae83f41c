#include "ovsdb/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

using Named = std::pair<std::string_view, Function>;
constexpr Named functions[] = {
    {"<", Function::less},
    {"<=", Function::less_or_equal},
    {"==", Function::equal},
    {"!=", Function::not_equal},
    {">=", Function::greater_or_equal},
    {">", Function::greater},
    {"includes", Function::includes},
    {"excludes", Function::excludes},
};

Result<Named> find_function(std::string_view name) {
  const auto* function = std::ranges::find(functions, name, &Named::first);
  if (function == std::ranges::end(functions))
    return fail(unknown_function, fmt::format("No function named {}.", name));
  return *function;
}

bool is_relation(Function function) {
  return function == Function::less || function == Function::less_or_equal || function == Function::greater ||
         function == Function::greater_or_equal;
}

// What the function can be compared with: of the column's type, but with another number of elements.
Result<ColumnType> argument_type(const ColumnSchema& column, const Named& named, const json::value& clause) {
  const auto function = named.second;
  auto type = column.type;
  if (is_relation(function)) {
    const bool is_number = type.key.type == AtomType::integer || type.key.type == AtomType::real;
    if (!is_number || (!type.is_scalar() && !type.is_optional_scalar()))
      return fail_at(syntax_error, type_mismatch(named.first, column), clause);
    type.min = 1;
  } else if (function == Function::includes || function == Function::excludes) {
    type.min = 0;
    if (function == Function::excludes) type.max = unlimited;
  }
  return type;
}

Result<Clause> clause_from_json(const TableSchema& table, const json::value& value, const NamedUuids& named) {
  if (const auto* constant = value.if_bool()) {
    return Clause{.function = *constant ? Function::always : Function::never, .argument = {}};
  }
  const auto* parts = value.if_array();
  if (!parts || parts->size() != 3 || !(*parts)[0].is_string() || !(*parts)[1].is_string())
    return fail_at(syntax_error, "Parse error in condition.", value);
  Clause clause;
  clause.column = TRY(find_column(table, (*parts)[0].get_string(), value));
  const auto function = TRY(find_function((*parts)[1].get_string()));
  clause.function = function.second;
  const auto type = TRY(argument_type(table.columns[clause.column], function, value));
  clause.argument = TRY(type.datum_from_json((*parts)[2], named));
  return clause;
}

bool has_element(const Datum& datum, const Datum& elements, std::size_t i) {
  const auto position = datum.find(elements.keys()[i]);
  if (!position) return false;
  return elements.values().empty() || datum.values()[*position] == elements.values()[i];
}

bool includes_all(const Datum& datum, const Datum& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (!has_element(datum, elements, i)) return false;
  }
  return true;
}

bool excludes_all(const Datum& datum, const Datum& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (has_element(datum, elements, i)) return false;
  }
  return true;
}

}  // namespace

bool Clause::holds(const Row& row) const {
  if (function == Function::always || function == Function::never) return function == Function::always;
  const auto& datum = row.columns[column];
  // A relation never holds for an optional value that is absent.
  if (is_relation(function) && datum.empty()) return false;
  switch (function) {
    case Function::less:
      return compare(datum, argument) < 0;
    case Function::less_or_equal:
      return compare(datum, argument) <= 0;
    case Function::greater_or_equal:
      return compare(datum, argument) >= 0;
    case Function::greater:
      return compare(datum, argument) > 0;
    case Function::equal:
      return datum == argument;
    case Function::not_equal:
      return datum != argument;
    case Function::includes:
      return includes_all(datum, argument);
    case Function::excludes:
      return excludes_all(datum, argument);
    case Function::always:
    case Function::never:
      break;
  }
  std::unreachable();
}

Result<Condition> Condition::from_json(const TableSchema& table, const json::array& clauses, const NamedUuids& named) {
  Condition condition;
  condition.clauses_.reserve(clauses.size());
  for (const auto& each : clauses) condition.clauses_.push_back(TRY(clause_from_json(table, each, named)));
  return condition;
}

bool Condition::matches_all(const Row& row) const {
  return std::ranges::all_of(clauses_, [&](const Clause& clause) { return clause.holds(row); });
}

bool Condition::matches_any(const Row& row) const {
  return clauses_.empty() || std::ranges::any_of(clauses_, [&](const Clause& clause) { return clause.holds(row); });
}

const Datum* Condition::equality(std::size_t column) const {
  for (const auto& clause : clauses_) {
    if (clause.column == column && clause.function == Function::equal) return &clause.argument;
  }
  return nullptr;
}

}  // namespace weft::ovsdb
