#include "ovsdb/mutation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/arithmetic.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

using Named = std::pair<std::string_view, Mutator>;
constexpr Named mutators[] = {
    {"+=", Mutator::add},       {"-=", Mutator::subtract},   {"*=", Mutator::multiply},  {"/=", Mutator::divide},
    {"%=", Mutator::remainder}, {"insert", Mutator::insert}, {"delete", Mutator::erase},
};

Result<Mutator> parse_mutator(std::string_view text) {
  for (const auto& [name, mutator] : mutators) {
    if (name == text) return mutator;
  }
  return fail(unknown_mutator, fmt::format("No mutator named {}.", text));
}

bool is_arithmetic(Mutator mutator) { return mutator != Mutator::insert && mutator != Mutator::erase; }

Result<ColumnType> argument_type(const ColumnSchema& column, Mutator mutator, const json::value& mutation) {
  auto type = column.type;
  const auto mismatch = [&] { return fail_at(syntax_error, type_mismatch(name_of(mutator), column), mutation); };
  if (is_arithmetic(mutator)) {
    const bool fits =
        type.key.type == AtomType::integer || (type.key.type == AtomType::real && mutator != Mutator::remainder);
    if (!fits || type.is_map()) return mismatch();
    // One number, that need not be in the column's bounds itself.
    BaseType number;
    number.type = type.key.type;
    return ColumnType{.key = number};
  }
  if (type.is_scalar()) return mismatch();
  type.min = 0;
  if (mutator == Mutator::erase) type.max = unlimited;
  return type;
}

// What to take out of a map may be told by pairs, or by keys alone.
Result<Datum> erasure_from_json(ColumnType type, const json::value& value, const NamedUuids& named) {
  const auto* parts = value.if_array();
  const bool says_map = parts && !parts->empty() && (*parts)[0] == "map";
  if (!says_map) type.value.reset();
  return type.datum_from_json(value, named);
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
  if (result.size() != datum.size())
    return fail(constraint_violation, fmt::format("Result of \"{}\" operation contains duplicates.", name_of(mutator)));
  return result;
}

}  // namespace

std::string_view name_of(Mutator mutator) { return std::ranges::find(mutators, mutator, &Named::second)->first; }

Result<Mutation> Mutation::from_json(const TableSchema& table, const json::value& value, const NamedUuids& named) {
  const auto* parts = value.if_array();
  if (!parts || parts->size() != 3 || !(*parts)[0].is_string() || !(*parts)[1].is_string())
    return fail_at(syntax_error, "Parse error in mutation.", value);
  Mutation mutation;
  mutation.column = TRY(find_column(table, (*parts)[0].get_string(), value));
  const auto& column = table.columns[mutation.column];
  if (!column.is_mutable) {
    return fail_at(constraint_violation,
                   fmt::format("Cannot mutate immutable column {} in table {}.", column.name, table.name), value);
  }
  mutation.mutator = TRY(parse_mutator((*parts)[1].get_string()));
  const auto type = TRY(argument_type(column, mutation.mutator, value));
  mutation.argument = TRY(mutation.mutator == Mutator::erase ? erasure_from_json(type, (*parts)[2], named)
                                                             : type.datum_from_json((*parts)[2], named));
  return mutation;
}

Result<> Mutation::apply(const TableSchema& table, std::vector<Datum>& columns) const {
  const auto& schema = table.columns[column];
  auto& datum = columns[column];
  if (is_arithmetic(mutator)) {
    datum = TRY(calculated(schema.type.key, datum, mutator, argument.keys().front()));
    return {};
  }
  datum = mutator == Mutator::insert ? with(datum, argument) : without(datum, argument);
  // Each element has been checked before: by the row, or when the argument was read.
  return schema.type.check_size(datum.size());
}

}  // namespace weft::ovsdb
