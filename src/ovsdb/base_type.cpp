#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/atom_text.hpp"
#include "ovsdb/column_type.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

const BaseType unconstrained;

// "enum": one atom or a set of them.
Result<Datum> enumeration_from_json(AtomType type, const json::value& value) {
  const ColumnType one_or_more{.key = {.type = type}, .min = 1, .max = unlimited};
  return one_or_more.datum_from_json(value);
}

template <class T>
Result<> check_order(const MemberReader& members, std::string_view what, T least, T most) {
  if (least <= most) return {};
  return members.fail(syntax_error, fmt::format("min{0} exceeds max{0}", what));
}

// A count of characters.
Result<std::int64_t> read_length(MemberReader& members, const char* name, std::int64_t otherwise) {
  const auto length = TRY(members.optional_integer(name, otherwise));
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  if (members.optional(name) && (length < 0 || length > most))
    return fail_at(syntax_error, fmt::format("{} out of valid range 0 to {}", name, most), length);
  return length;
}

Result<> read_length_bounds(MemberReader& members, BaseType& base) {
  base.min_length = TRY(read_length(members, "minLength", base.min_length));
  base.max_length = TRY(read_length(members, "maxLength", base.max_length));
  return check_order(members, "Length", base.min_length, base.max_length);
}

Result<> read_reference(MemberReader& members, BaseType& base) {
  base.ref_table = TRY(members.optional_string("refTable"));
  if (base.ref_table.empty()) return {};
  const auto kind = TRY(members.optional_string("refType"));
  if (kind != "" && kind != "strong" && kind != "weak") {
    return members.fail(syntax_error, fmt::format("refType must be \"strong\" or \"weak\" (not \"{}\")", kind));
  }
  base.weak = kind == "weak";
  return {};
}

// The bounds that the type can have; others remain unread and are refused by finish().
Result<> read_bounds(MemberReader& members, BaseType& base) {
  switch (base.type) {
    case AtomType::integer:
      base.min_integer = TRY(members.optional_integer("minInteger", base.min_integer));
      base.max_integer = TRY(members.optional_integer("maxInteger", base.max_integer));
      return check_order(members, "Integer", base.min_integer, base.max_integer);
    case AtomType::real:
      base.min_real = TRY(members.optional_real("minReal", base.min_real));
      base.max_real = TRY(members.optional_real("maxReal", base.max_real));
      return check_order(members, "Real", base.min_real, base.max_real);
    case AtomType::string:
      return read_length_bounds(members, base);
    case AtomType::uuid:
      return read_reference(members, base);
    case AtomType::boolean:
      break;
  }
  return {};
}

// `unbounded_least` and `unbounded_most`: what stands for no bound.
template <class T>
Result<> check_range(T value, T least, T most, T unbounded_least, T unbounded_most) {
  if (value >= least && value <= most) return {};
  const auto text = [](T number) { return to_text(json::value(number)); };
  if (most == unbounded_most)
    return fail(constraint_violation,
                fmt::format("{} is less than minimum allowed value {}", text(value), text(least)));
  if (least == unbounded_least)
    return fail(constraint_violation,
                fmt::format("{} is greater than maximum allowed value {}", text(value), text(most)));
  return fail(constraint_violation,
              fmt::format("{} is not in the valid range {} to {} (inclusive)", text(value), text(least), text(most)));
}

std::int64_t characters_in(std::string_view utf8) {
  return std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

Result<> check_length(const std::string& text, std::int64_t least, std::int64_t most) {
  if (least == unconstrained.min_length && most == unconstrained.max_length) return {};
  const auto length = characters_in(text);
  const auto shown = [&] { return excerpt(json::value(std::string_view(text))); };
  if (length < least) {
    return fail(constraint_violation,
                fmt::format("{} length {} is less than minimum allowed length {}", shown(), length, least));
  }
  if (length > most) {
    return fail(constraint_violation,
                fmt::format("{} length {} is greater than maximum allowed length {}", shown(), length, most));
  }
  return {};
}

std::string allowed(const Datum& enumeration) {
  const ColumnType set{.key = {}, .min = 0, .max = unlimited};
  return describe(set, enumeration);
}

}  // namespace

Result<BaseType> BaseType::from_json(const json::value& value) {
  BaseType base;
  if (value.is_string()) {
    base.type = TRY(parse_atom_type(value.get_string()));
    return base;
  }
  auto members = TRY(MemberReader::open(value, "ovsdb type"));
  const auto type_name = TRY(members.required_string("type"));
  base.type = TRY(parse_atom_type(type_name));
  if (const auto* atoms = members.optional("enum")) base.enumeration = TRY(enumeration_from_json(base.type, *atoms));
  TRY(read_bounds(members, base));
  TRY(members.finish());
  return base;
}

json::value BaseType::to_json() const {
  BaseType bare;
  bare.type = type;
  if (*this == bare) return json::value(name_of(type));
  json::object object{{"type", name_of(type)}};
  if (enumeration) {
    const ColumnType set{.key = bare, .min = 0, .max = unlimited};
    object["enum"] = set.datum_to_json(*enumeration);
  }
  if (min_integer != bare.min_integer) object["minInteger"] = min_integer;
  if (max_integer != bare.max_integer) object["maxInteger"] = max_integer;
  if (min_real != bare.min_real) object["minReal"] = min_real;
  if (max_real != bare.max_real) object["maxReal"] = max_real;
  if (min_length != bare.min_length) object["minLength"] = min_length;
  if (max_length != bare.max_length) object["maxLength"] = max_length;
  if (!ref_table.empty()) object["refTable"] = ref_table;
  if (weak) object["refType"] = "weak";
  return object;
}

Result<> BaseType::check(const Atom& atom) const {
  if (enumeration && !enumeration->contains(atom)) {
    return fail(constraint_violation,
                fmt::format("{} is not one of the allowed values ({})", describe(atom), allowed(*enumeration)));
  }
  if (const auto* integer = std::get_if<std::int64_t>(&atom))
    return check_range(*integer, min_integer, max_integer, unconstrained.min_integer, unconstrained.max_integer);
  if (const auto* real = std::get_if<double>(&atom))
    return check_range(*real, min_real, max_real, unconstrained.min_real, unconstrained.max_real);
  if (const auto* string = std::get_if<std::string>(&atom)) return check_length(*string, min_length, max_length);
  return {};
}

}  // namespace weft::ovsdb
