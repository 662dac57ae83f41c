#include "ovsdb/column_type.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

Result<std::size_t> max_from_json(const json::value& value) {
  if (value.is_string() && value.get_string() == "unlimited") return unlimited;
  const auto count = atom_from_json(AtomType::integer, value);
  if (!count || std::get<std::int64_t>(*count) < 0) return fail_at(syntax_error, "bad min or max value", value);
  return static_cast<std::size_t>(std::get<std::int64_t>(*count));
}

// The elements of ["set", [...]] or ["map", [...]], or null if the value is something else.
const json::array* unwrap(const json::value& value, std::string_view kind) {
  const auto* pair = value.if_array();
  const bool fits = pair && pair->size() == 2 && (*pair)[0].is_string() && (*pair)[0].get_string() == kind;
  return fits ? (*pair)[1].if_array() : nullptr;
}

bool says_set(const json::value& value) {
  const auto* array = value.if_array();
  return array && !array->empty() && (*array)[0].is_string() && (*array)[0].get_string() == "set";
}

const char* kind_of(const ColumnType& type) { return type.is_map() ? "map" : "set"; }

bool fits(const ColumnType& type, std::size_t count) { return count >= type.min && count <= type.max; }

// Of a value in a message; `value`: all of it.
Result<> check_count(const ColumnType& type, std::size_t count, const json::value& value) {
  if (fits(type, count)) return {};
  // Open vSwitch's number for no limit.
  const auto most = std::min<std::size_t>(type.max, std::numeric_limits<std::uint32_t>::max());
  const auto range =
      type.min == 1 && most == 1 ? "exactly one member" : fmt::format("{} to {} members", type.min, most);
  return fail_at(syntax_error, fmt::format("{} must have {} but {} are present", kind_of(type), range, count), value);
}

Result<Atom> checked_atom(const BaseType& base, const json::value& value, const NamedUuids& named) {
  auto atom = TRY(atom_from_json(base.type, value, named));
  TRY(base.check(atom));
  return atom;
}

Result<Datum> set_from_json(const ColumnType& type, const json::array& elements, const NamedUuids& named) {
  std::vector<Atom> atoms;
  atoms.reserve(elements.size());
  for (const auto& element : elements) atoms.push_back(TRY(checked_atom(type.key, element, named)));
  auto datum = Datum::set(std::move(atoms));
  if (datum.size() != elements.size()) return fail(repeated_key, "set contains duplicate");
  return datum;
}

Result<Datum> map_from_json(const ColumnType& type, const json::array& elements, const NamedUuids& named) {
  std::vector<std::pair<Atom, Atom>> pairs;
  pairs.reserve(elements.size());
  for (const auto& element : elements) {
    const auto* pair = element.if_array();
    if (!pair || pair->size() != 2) return fail_at(syntax_error, "expected 2-element array", element);
    auto key = TRY(checked_atom(type.key, (*pair)[0], named));
    pairs.emplace_back(std::move(key), TRY(checked_atom(*type.value, (*pair)[1], named)));
  }
  auto datum = Datum::map(std::move(pairs));
  if (datum.size() != elements.size()) return fail(repeated_key, "map contains duplicate key");
  return datum;
}

}  // namespace

Result<ColumnType> ColumnType::from_json(const json::value& value) {
  ColumnType type;
  if (value.is_string()) {
    type.key = TRY(BaseType::from_json(value));
    return type;
  }
  auto members = TRY(MemberReader::open(value, "ovsdb type"));
  const auto says_type = [](const json::value& base) { return base.is_string() || base.is_object(); };
  const auto& key_base = *TRY(members.required("key"));
  if (!says_type(key_base)) return members.wrong_type("key");
  type.key = TRY(BaseType::from_json(key_base));
  if (const auto* base = members.optional("value")) {
    if (!says_type(*base)) return members.wrong_type("value");
    type.value = TRY(BaseType::from_json(*base));
  }
  const auto min = TRY(members.optional_integer("min", 1));
  if (const auto* max = members.optional("max")) type.max = TRY(max_from_json(*max));
  if ((min != 0 && min != 1) || type.max < 1) return members.fail(syntax_error, "ovsdb type fails constraint checks");
  type.min = static_cast<std::size_t>(min);
  TRY(members.finish());
  return type;
}

json::value ColumnType::to_json() const {
  if (is_scalar()) {
    auto base = key.to_json();
    if (base.is_string()) return base;
  }
  json::object object{{"key", key.to_json()}};
  if (value) object["value"] = value->to_json();
  if (min != 1) object["min"] = min;
  if (max == unlimited) {
    object["max"] = "unlimited";
  } else if (max != 1) {
    object["max"] = max;
  }
  return object;
}

Datum ColumnType::default_datum() const {
  if (min == 0) return {};
  if (!value) return Datum::scalar(default_atom(key.type));
  return Datum::from_sorted({default_atom(key.type)}, {default_atom(value->type)});
}

std::string ColumnType::describe() const {
  if (is_scalar()) return std::string(name_of(key.type));
  std::string count;
  if (max == unlimited) {
    if (min > 0) count = fmt::format(" {} or more", min);
  } else {
    count = min > 0 ? fmt::format(" {} to {}", min, max) : fmt::format(" up to {}", max);
  }
  const auto elements =
      is_map() ? fmt::format("({}, {}) pair", name_of(key.type), name_of(value->type)) : std::string(name_of(key.type));
  return fmt::format("{} of{} {}s", kind_of(*this), count, elements);
}

Result<> ColumnType::check_size(std::size_t size) const {
  if (fits(*this, size)) return {};
  return fail(constraint_violation, fmt::format("Attempted to store {} elements in {}.", size, describe()));
}

Result<> ColumnType::check(const Datum& datum) const {
  TRY(check_size(datum.size()));
  for (const auto& atom : datum.keys()) TRY(key.check(atom));
  for (const auto& atom : datum.values()) TRY(value->check(atom));
  return {};
}

Result<Datum> ColumnType::datum_from_json(const json::value& json, const NamedUuids& named) const {
  if (is_map()) {
    const auto* elements = unwrap(json, "map");
    if (!elements) return fail_at(syntax_error, R"(expected ["map", <array>])", json);
    TRY(check_count(*this, elements->size(), json));
    return map_from_json(*this, *elements, named);
  }
  if (says_set(json)) {
    const auto* elements = unwrap(json, "set");
    if (!elements) return fail_at(syntax_error, R"(expected ["set", <array>])", json);
    TRY(check_count(*this, elements->size(), json));
    return set_from_json(*this, *elements, named);
  }
  return Datum::scalar(TRY(checked_atom(key, json, named)));
}

json::value ColumnType::datum_to_json(const Datum& datum) const {
  if (!is_map() && datum.size() == 1) return ovsdb::to_json(datum.keys().front());
  json::array elements;
  elements.reserve(datum.size());
  for (std::size_t i = 0; i < datum.size(); ++i) {
    auto element = ovsdb::to_json(datum.keys()[i]);
    if (is_map()) {
      elements.push_back(json::array{std::move(element), ovsdb::to_json(datum.values()[i])});
    } else {
      elements.push_back(std::move(element));
    }
  }
  return json::array{is_map() ? "map" : "set", std::move(elements)};
}

}  // namespace weft::ovsdb
