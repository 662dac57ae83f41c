#include "ovsdb/mutation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/arithmetic.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::pair<std::string_view, Mutator> mutators[] = {
    {"+=", Mutator::add},       {"-=", Mutator::subtract},   {"*=", Mutator::multiply},  {"/=", Mutator::divide},
    {"%=", Mutator::remainder}, {"insert", Mutator::insert}, {"delete", Mutator::erase},
};

Result<Mutator> mutator_from_json(const json::value& value) {
  if (!value.is_string()) return fail(syntax_error, "a mutator's name must be a string, not " + excerpt(value));
  for (const auto& [name, mutator] : mutators) {
    if (name == std::string_view(value.get_string())) return mutator;
  }
  return fail(unknown_mutator, excerpt(value) + " is no mutator");
}

bool is_arithmetic(Mutator mutator) { return mutator != Mutator::insert && mutator != Mutator::erase; }

Result<ColumnType> argument_type(const ColumnSchema& column, Mutator mutator) {
  auto type = column.type;
  if (is_arithmetic(mutator)) {
    const bool fits =
        type.key.type == AtomType::integer || (type.key.type == AtomType::real && mutator != Mutator::remainder);
    if (!fits || type.is_map()) {
      return fail(syntax_error, fmt::format("column {}: its type has no such arithmetic", column.name));
    }
    // One number, that need not be in the column's bounds itself.
    BaseType number;
    number.type = type.key.type;
    return ColumnType{.key = number};
  }
  if (type.is_scalar()) {
    return fail(syntax_error, fmt::format("column {}: insert and delete need a set or a map", column.name));
  }
  type.min = 0;
  if (mutator == Mutator::erase) type.max = unlimited;
  return type;
}

// What to take out of a map may be told by pairs, or by keys alone.
Result<Datum> erasure_from_json(ColumnType type, const json::value& value, const NamedUuids& named) {
  auto pairs = type.datum_from_json(value, named);
  if (pairs || !type.is_map()) return pairs;
  type.value.reset();
  if (auto keys = type.datum_from_json(value, named)) return keys;
  return pairs;
}

// Copies ranges of a datum's elements, and single ones, in ascending order.
class Copier {
 public:
  explicit Copier(std::size_t size) { keys_.reserve(size); }
  void copy(const Datum& from, std::size_t first, std::size_t last) {
    keys_.insert(keys_.end(), from.keys().begin() + first, from.keys().begin() + last);
    if (from.values().empty()) return;
    values_.insert(values_.end(), from.values().begin() + first, from.values().begin() + last);
  }
  Datum finish() && { return Datum::from_sorted(std::move(keys_), std::move(values_)); }

 private:
  std::vector<Atom> keys_, values_;
};

std::size_t lower_bound(const Datum& datum, std::size_t first, const Atom& key) {
  const auto keys = datum.keys();
  return static_cast<std::size_t>(std::lower_bound(keys.begin() + first, keys.end(), key) - keys.begin());
}

// A key that is there already keeps its value.
Datum with(const Datum& datum, const Datum& more) {
  Copier result(datum.size() + more.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < more.size(); ++i) {
    const auto place = lower_bound(datum, done, more.keys()[i]);
    result.copy(datum, done, place);
    done = place;
    if (place == datum.size() || datum.keys()[place] != more.keys()[i]) result.copy(more, i, i + 1);
  }
  result.copy(datum, done, datum.size());
  return std::move(result).finish();
}

// Where `less` has values too, only equal pairs go.
Datum without(const Datum& datum, const Datum& less) {
  Copier result(datum.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < less.size(); ++i) {
    const auto place = lower_bound(datum, done, less.keys()[i]);
    if (place == datum.size()) break;
    const bool goes =
        datum.keys()[place] == less.keys()[i] && (less.values().empty() || less.values()[i] == datum.values()[place]);
    if (!goes) continue;
    result.copy(datum, done, place);
    done = place + 1;
  }
  result.copy(datum, done, datum.size());
  return std::move(result).finish();
}

Result<Datum> calculated(const BaseType& base, const Datum& datum, Mutator mutator, const Atom& by) {
  std::vector<Atom> atoms;
  atoms.reserve(datum.size());
  for (const auto& atom : datum.keys()) {
    atoms.push_back(TRY(mutate_number(atom, mutator, by)));
    TRY(base.check(atoms.back()));
  }
  auto result = Datum::set(std::move(atoms));
  if (result.size() != datum.size()) return fail(constraint_violation, "the result has a value twice");
  return result;
}

}  // namespace

Result<Mutation> Mutation::from_json(const TableSchema& table, const json::value& value, const NamedUuids& named) {
  const auto* parts = value.if_array();
  if (!parts || parts->size() != 3) {
    return fail(syntax_error, "a mutation must be [COLUMN, MUTATOR, VALUE], not " + excerpt(value));
  }
  Mutation mutation;
  mutation.column = TRY(column_from_json(table, (*parts)[0]));
  const auto& column = table.columns[mutation.column];
  if (!column.is_mutable) {
    return fail(constraint_violation, fmt::format("table {}: column {} cannot be changed", table.name, column.name));
  }
  mutation.mutator = TRY(mutator_from_json((*parts)[1]));
  const auto type = TRY(argument_type(column, mutation.mutator));
  auto argument = mutation.mutator == Mutator::erase ? erasure_from_json(type, (*parts)[2], named)
                                                     : type.datum_from_json((*parts)[2], named);
  mutation.argument = TRY(in_column(table, column, std::move(argument)));
  return mutation;
}

Result<> Mutation::apply(const TableSchema& table, std::vector<Datum>& columns) const {
  const auto& schema = table.columns[column];
  auto& datum = columns[column];
  if (is_arithmetic(mutator)) {
    datum = TRY(in_column(table, schema, calculated(schema.type.key, datum, mutator, argument.keys().front())));
    return {};
  }
  datum = mutator == Mutator::insert ? with(datum, argument) : without(datum, argument);
  // Each element has been checked before: by the row, or when the argument was read.
  return in_column(table, schema, schema.type.check_size(datum.size()));
}

}  // namespace weft::ovsdb
