#include "vsctl/value_syntax.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "ovsdb/error_tags.hpp"
#include "vsctl/tokens.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Atom;
using ovsdb::AtomType;
using ovsdb::BaseType;
using ovsdb::ColumnType;
using ovsdb::Datum;

template <class... Args>
std::unexpected<Error> syntax_error(fmt::format_string<Args...> format, Args&&... args) {
  return fail(ovsdb::syntax_error, fmt::format(format, std::forward<Args>(args)...));
}

// Reads digits with an optional sign from the front of `text`; nothing if there are none, or too many.
std::optional<std::int64_t> take_integer(std::string_view& text) {
  auto digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.starts_with('-') && digits.size() != text.size()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return std::nullopt;
  text = std::string_view(end, static_cast<std::size_t>(digits.data() + digits.size() - end));
  return value;
}

struct Range {
  std::int64_t first;
  std::int64_t last;
};

Result<Range> parse_range(std::string_view text) {
  const auto invalid = [&] { return syntax_error("\"{}\" is not a valid integer or range", text); };
  auto rest = text;
  const auto first = take_integer(rest);
  if (!first) return invalid();
  if (rest.empty()) return Range{*first, *first};
  if (!rest.starts_with('-')) return invalid();
  rest.remove_prefix(1);
  const auto last = take_integer(rest);
  if (!last || !rest.empty()) return invalid();
  if (*last < *first) return syntax_error("\"{}\" is not a valid range. Range end cannot be before start.", text);
  if (static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first) >= max_range_size) {
    return fail(ovsdb::constraint_violation,
                fmt::format("Range \"{}\" is too big. Maximum allowed size is {}.", text, max_range_size));
  }
  return Range{*first, *last};
}

Result<Atom> parse_integer(std::string_view text) {
  const auto range = TRY(parse_range(text));
  if (range.first != range.last) return syntax_error("\"{}\" is not a valid integer or range", text);
  return range.first;
}

Result<Atom> parse_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return syntax_error("\"{}\" is not a valid real number", text);
  }
  return value;
}

constexpr std::string_view words_for_true[] = {"true", "yes", "on", "1"};
constexpr std::string_view words_for_false[] = {"false", "no", "off", "0"};

Result<Atom> parse_boolean(std::string_view text) {
  const auto is = [&](std::string_view word) { return text == word; };
  if (std::ranges::any_of(words_for_true, is)) return true;
  if (std::ranges::any_of(words_for_false, is)) return false;
  return syntax_error("\"{}\" is not a valid boolean (use \"true\" or \"false\")", text);
}

Result<Atom> parse_string(std::string_view text) {
  if (text.empty()) {
    return syntax_error("An empty string is not valid as input; use \"\" to represent the empty string");
  }
  if (!is_utf8(text)) return syntax_error("\"{}\" is not valid UTF-8 text", text);
  if (!text.starts_with('"')) return std::string(text);
  return Atom(TRY(unquote(text)));
}

Result<Atom> parse_uuid(const BaseType& type, std::string_view text, Symbols& symbols) {
  if (text.starts_with('@')) {
    return symbols.refer(text, type.is_weak_ref() ? Symbols::Strength::weak : Symbols::Strength::strong);
  }
  if (const auto uuid = Uuid::parse(text)) return *uuid;
  return syntax_error("\"{}\" is not a valid UUID", text);
}

Result<Atom> parse_unchecked(const BaseType& type, std::string_view text, Symbols& symbols) {
  switch (type.type) {
    case AtomType::integer:
      return parse_integer(text);
    case AtomType::real:
      return parse_real(text);
    case AtomType::boolean:
      return parse_boolean(text);
    case AtomType::string:
      return parse_string(text);
    case AtomType::uuid:
      break;
  }
  return parse_uuid(type, text, symbols);
}

// One element of a set, or all integers of a range.
Result<> append_element(const BaseType& type, std::string_view text, Symbols& symbols, std::vector<Atom>& atoms) {
  if (type.type != AtomType::integer) {
    atoms.push_back(TRY(parse_atom(type, text, symbols)));
    return {};
  }
  const auto range = TRY(parse_range(text));
  TRY(type.check(range.first));
  TRY(type.check(range.last));
  if (atoms.size() > max_elements) return syntax_error("more than {} values in one argument", max_elements);
  for (auto value = range.first;; ++value) {
    atoms.emplace_back(value);
    if (value == range.last) return {};
  }
}

Result<> append_pair(const ColumnType& type, TokenReader& reader, Symbols& symbols,
                     std::vector<std::pair<Atom, Atom>>& pairs) {
  const auto key_text = TRY(reader.token());
  auto key = TRY(parse_atom(type.key, key_text, symbols));
  reader.skip_spaces();
  if (!reader.take('=')) {
    if (reader.at_end()) return syntax_error("{}: syntax error at end expecting \"=\"", reader.whole());
    return syntax_error("{}: syntax error at \"{}\" expecting \"=\"", reader.whole(), reader.peek());
  }
  reader.skip_spaces();
  const auto value_text = TRY(reader.token());
  pairs.emplace_back(std::move(key), TRY(parse_atom(*type.value, value_text, symbols)));
  return {};
}

// Calls `element` at the beginning of each, and eats what stands around and between them.
template <class Element>
Result<> for_each_element(const ColumnType& type, TokenReader& reader, Element element) {
  const char open = type.is_map() ? '{' : '[';
  const char close = type.is_map() ? '}' : ']';
  reader.skip_spaces();
  const bool in_brackets = reader.take(open);
  reader.skip_spaces();
  while (!reader.at_end() && !(in_brackets && reader.peek() == close)) {
    if (reader.at_delimiter()) {
      return syntax_error("{}: unexpected \"{}\" parsing {}", reader.whole(), reader.peek(), describe(type));
    }
    TRY(element());
    reader.skip_spaces();
    if (reader.take(',')) reader.skip_spaces();
  }
  if (in_brackets && !reader.take(close))
    return syntax_error("{}: missing \"{}\" at end of data", reader.whole(), close);
  reader.skip_spaces();
  if (!reader.at_end()) return syntax_error("{}: trailing garbage after \"{}\"", reader.whole(), close);
  return {};
}

Result<> check_size(const ColumnType& type, std::size_t size, std::string_view text) {
  if (size > type.max) {
    return syntax_error("{}: {} value(s) specified but the maximum number is {}", text, size, type.max);
  }
  if (size < type.min) {
    return syntax_error("{}: {} value(s) specified but the minimum number is {}", text, size, type.min);
  }
  return {};
}

std::string plural(AtomType type) { return type == AtomType::uuid ? "UUIDs" : fmt::format("{}s", name_of(type)); }

}  // namespace

Result<Atom> parse_atom(const BaseType& type, std::string_view text, Symbols& symbols) {
  auto atom = TRY(parse_unchecked(type, text, symbols));
  TRY(type.check(atom));
  return atom;
}

Result<Datum> parse_datum(const ColumnType& type, std::string_view text, Symbols& symbols) {
  TokenReader reader(text);
  if (type.is_map()) {
    std::vector<std::pair<Atom, Atom>> pairs;
    const auto element = [&] { return append_pair(type, reader, symbols, pairs); };
    TRY(for_each_element(type, reader, element));
    const auto size = pairs.size();
    auto datum = Datum::map(std::move(pairs));
    if (datum.size() != size) return syntax_error("{}: map contains duplicate key", text);
    TRY(check_size(type, size, text));
    return datum;
  }
  std::vector<Atom> atoms;
  const auto element = [&]() -> Result<> {
    const auto token = TRY(reader.token());
    return append_element(type.key, token, symbols, atoms);
  };
  TRY(for_each_element(type, reader, element));
  const auto size = atoms.size();
  auto datum = Datum::set(std::move(atoms));
  if (datum.size() != size) return syntax_error("{}: set contains duplicate value", text);
  TRY(check_size(type, size, text));
  return datum;
}

std::string describe(const ColumnType& type) {
  if (type.is_scalar()) return std::string(name_of(type.key.type));
  if (type.is_map()) {
    return fmt::format("map of ({}, {}) pairs", name_of(type.key.type), name_of(type.value->type));
  }
  if (type.max == ovsdb::unlimited) return fmt::format("set of {}", plural(type.key.type));
  return fmt::format("set of up to {} {}", type.max, plural(type.key.type));
}

}  // namespace weft::vsctl
