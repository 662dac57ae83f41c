#include "vsctl/column_argument.hpp"

#include <fmt/format.h>

#include <array>

#include "vsctl/name_lookup.hpp"
#include "vsctl/tokens.hpp"
#include "vsctl/value_syntax.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::ColumnType;
using ovsdb::Datum;
using ovsdb::TableSchema;

struct Operator {
  std::string_view text;
  Relation relation;
};

constexpr std::array<Operator, 14> operators = {{{"=", Relation::equal},
                                                 {"!=", Relation::not_equal},
                                                 {"<", Relation::less},
                                                 {">", Relation::greater},
                                                 {"<=", Relation::less_or_equal},
                                                 {">=", Relation::greater_or_equal},
                                                 {"{=}", Relation::set_equal},
                                                 {"{!=}", Relation::set_not_equal},
                                                 {"{<}", Relation::proper_subset},
                                                 {"{>}", Relation::proper_superset},
                                                 {"{<=}", Relation::subset},
                                                 {"{>=}", Relation::superset},
                                                 {"{in}", Relation::in},
                                                 {"{not-in}", Relation::not_in}}};

// The column's name and, behind a colon, the key; `reader` stands behind them then.
struct Target {
  std::size_t column;
  std::optional<std::string> key;
};

Result<Target> read_target(const TableSchema& table, TokenReader& reader, bool to_show) {
  const auto name = TRY(reader.token());
  if (name.empty()) return fail("syntax error", fmt::format("{}: missing column name", reader.whole()));
  Target target{TRY(to_show ? find_shown_column(table, name) : find_column(table, name)), {}};
  if (reader.take(':')) target.key = TRY(reader.token());
  return target;
}

Result<> require_map(const TableSchema& table, const Target& target, std::string_view purpose) {
  const auto& column = table.columns[target.column];
  if (!target.key || column.type.is_map()) return {};
  return fail("syntax error", fmt::format("cannot specify key to {} for non-map column {}", purpose, column.name));
}

bool includes(const Datum& all, const Datum& some) {
  return std::ranges::all_of(some.keys(), [&](const auto& key) {
    const auto* in_some = some.value_of(key);
    const auto* in_all = all.value_of(key);
    return all.contains(key) && (!in_some || (in_all && *in_some == *in_all));
  });
}

bool excludes(const Datum& all, const Datum& some) {
  return std::ranges::none_of(some.keys(), [&](const auto& key) {
    const auto* in_some = some.value_of(key);
    const auto* in_all = all.value_of(key);
    return all.contains(key) && (!in_some || (in_all && *in_some == *in_all));
  });
}

// The set with more elements is the larger one; of equally many, the first that differs decides, keys before values.
std::strong_ordering order(const Datum& a, const Datum& b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  const auto by_atoms = [](std::span<const ovsdb::Atom> x, std::span<const ovsdb::Atom> y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (x[i] < y[i]) return std::strong_ordering::less;
      if (y[i] < x[i]) return std::strong_ordering::greater;
    }
    return std::strong_ordering::equal;
  };
  const auto by_keys = by_atoms(a.keys(), b.keys());
  return by_keys != 0 ? by_keys : by_atoms(a.values(), b.values());
}

bool is_arithmetic(Relation relation) { return relation <= Relation::greater_or_equal; }

bool holds(Relation relation, const Datum& a, const Datum& b) {
  switch (relation) {
    case Relation::equal:
    case Relation::set_equal:
      return a == b;
    case Relation::not_equal:
    case Relation::set_not_equal:
      return !(a == b);
    case Relation::less:
      return order(a, b) < 0;
    case Relation::greater:
      return order(a, b) > 0;
    case Relation::less_or_equal:
      return order(a, b) <= 0;
    case Relation::greater_or_equal:
      return order(a, b) >= 0;
    case Relation::subset:
    case Relation::in:
      return includes(b, a);
    case Relation::proper_subset:
      return includes(b, a) && a.size() < b.size();
    case Relation::superset:
      return includes(a, b);
    case Relation::proper_superset:
      return includes(a, b) && b.size() < a.size();
    case Relation::not_in:
      return excludes(a, b);
  }
  return false;
}

// The longest that fits.
const Operator* take_operator(TokenReader& reader) {
  const Operator* found = nullptr;
  for (const auto& candidate : operators) {
    if (!reader.rest().starts_with(candidate.text)) continue;
    if (!found || found->text.size() < candidate.text.size()) found = &candidate;
  }
  if (found) reader.take(found->text);
  return found;
}

// "a", "b", or "c"
std::string all_operators() {
  std::string all;
  for (std::size_t i = 0; i < operators.size(); ++i)
    all += fmt::format("{}{}\"{}\"", i == 0 ? "" : ", ", i + 1 == operators.size() ? "or " : "", operators[i].text);
  return all;
}

}  // namespace

Result<std::size_t> parse_column(const TableSchema& table, std::string_view argument) {
  TokenReader reader(argument);
  return TRY(read_target(table, reader, true)).column;
}

ColumnType values_of_key(const ColumnType& map) { return {.key = *map.value, .min = 0, .max = ovsdb::unlimited}; }

Result<ColumnKey> parse_column_key(const TableSchema& table, std::string_view argument) {
  TokenReader reader(argument);
  auto target = TRY(read_target(table, reader, true));
  if (!reader.at_end()) {
    return fail("syntax error", fmt::format("{}: trailing garbage \"{}\" in argument", argument, reader.rest()));
  }
  TRY(require_map(table, target, "get"));
  return ColumnKey{target.column, std::move(target.key)};
}

Result<Assignment> parse_assignment(const TableSchema& table, std::string_view argument, Symbols& symbols) {
  TokenReader reader(argument);
  const auto target = TRY(read_target(table, reader, false));
  if (!reader.take('=') || reader.at_end()) {
    return fail("syntax error", fmt::format("{}: argument does not end in \"=\" followed by a value.", argument));
  }
  TRY(require_map(table, target, "set"));
  const auto& type = table.columns[target.column].type;
  if (!target.key) return Assignment{target.column, {}, TRY(parse_datum(type, reader.rest(), symbols))};
  auto key = TRY(parse_atom(type.key, *target.key, symbols));
  auto value = TRY(parse_atom(*type.value, reader.rest(), symbols));
  auto pair = Datum::map({{key, std::move(value)}});
  return Assignment{target.column, std::move(key), std::move(pair)};
}

Result<Condition> parse_condition(const TableSchema& table, std::string_view argument, Symbols& symbols) {
  TokenReader reader(argument);
  const auto target = TRY(read_target(table, reader, false));
  const auto* found = take_operator(reader);
  if (!found || reader.at_end()) {
    return fail("syntax error",
                fmt::format("{}: argument does not end in {} followed by a value.", argument, all_operators()));
  }
  TRY(require_map(table, target, "check"));
  const auto& type = table.columns[target.column].type;
  if (!target.key) {
    return Condition{target.column, {}, found->relation, TRY(parse_datum(type, reader.rest(), symbols))};
  }
  auto key = TRY(parse_atom(type.key, *target.key, symbols));
  return Condition{target.column, std::move(key), found->relation,
                   TRY(parse_datum(values_of_key(type), reader.rest(), symbols))};
}

bool Condition::holds_for(const Datum& column_value) const {
  if (!key) return holds(relation, column_value, value);
  const auto* found = column_value.value_of(*key);
  if (!found && is_arithmetic(relation)) return false;
  return holds(relation, found ? Datum::scalar(*found) : Datum(), value);
}

}  // namespace weft::vsctl
