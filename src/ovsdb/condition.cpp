#include "ovsdb/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::pair<std::string_view, Function> functions[] = {
    {"<", Function::less},
    {"<=", Function::less_or_equal},
    {"==", Function::equal},
    {"!=", Function::not_equal},
    {">=", Function::greater_or_equal},
    {">", Function::greater},
    {"includes", Function::includes},
    {"excludes", Function::excludes},
};

Result<Function> function_from_json(const json::value& value) {
  if (!value.is_string()) return fail(syntax_error, "a function's name must be a string, not " + excerpt(value));
  for (const auto& [name, function] : functions) {
    if (name == std::string_view(value.get_string())) return function;
  }
  return fail(unknown_function, excerpt(value) + " is no function of conditions");
}

bool is_relation(Function function) {
  return function == Function::less || function == Function::less_or_equal || function == Function::greater ||
         function == Function::greater_or_equal;
}

// What the function can be compared with: of the column's type, but with another number of elements.
Result<ColumnType> argument_type(const ColumnSchema& column, Function function) {
  auto type = column.type;
  if (is_relation(function)) {
    const bool is_number = type.key.type == AtomType::integer || type.key.type == AtomType::real;
    if (!is_number || (!type.is_scalar() && !type.is_optional_scalar())) {
      return fail(syntax_error, fmt::format("column {}: only a single number can be less or greater", column.name));
    }
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
  if (!parts || parts->size() != 3) {
    return fail(syntax_error, "a condition must be [COLUMN, FUNCTION, VALUE], true or false, not " + excerpt(value));
  }
  Clause clause;
  clause.column = TRY(column_from_json(table, (*parts)[0]));
  clause.function = TRY(function_from_json((*parts)[1]));
  const auto& column = table.columns[clause.column];
  const auto type = TRY(argument_type(column, clause.function));
  clause.argument = TRY(in_column(table, column, type.datum_from_json((*parts)[2], named)));
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

Result<Condition> Condition::from_json(const TableSchema& table, const json::value& value, const NamedUuids& named) {
  const auto* array = value.if_array();
  if (!array) return fail(syntax_error, "\"where\" must be an array of conditions, not " + excerpt(value));
  Condition condition;
  condition.clauses_.reserve(array->size());
  for (const auto& each : *array) condition.clauses_.push_back(TRY(clause_from_json(table, each, named)));
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
