#include "ovsdb/atom.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::array<std::string_view, 5> type_names = {"integer", "real", "boolean", "string", "uuid"};

std::unexpected<Error> expected(std::string_view what, const json::value& value) {
  return fail_at(syntax_error, fmt::format("expected {}", what), value);
}

// A whole number written with a fraction or an exponent (3.0, 1e3) is an integer too, as in Open vSwitch.
Result<Atom> integer_from_json(const json::value& value) {
  if (const auto* integer = value.if_int64()) return *integer;
  if (value.is_uint64() && value.get_uint64() <= std::numeric_limits<std::int64_t>::max()) {
    return static_cast<std::int64_t>(value.get_uint64());
  }
  if (const auto* real = value.if_double()) {
    constexpr double bound = 9223372036854775808.0;  // 2^63
    if (*real >= -bound && *real < bound && std::trunc(*real) == *real) return static_cast<std::int64_t>(*real);
  }
  return expected("integer", value);
}

Result<Atom> real_from_json(const json::value& value) {
  if (const auto* real = value.if_double(); real && std::isfinite(*real)) return *real;
  if (const auto* integer = value.if_int64()) return static_cast<double>(*integer);
  if (const auto* integer = value.if_uint64()) return static_cast<double>(*integer);
  return expected("real", value);
}

Result<Atom> string_from_json(const json::value& value) {
  const auto* string = value.if_string();
  if (!string) return expected("string", value);
  const std::string_view text = *string;
  // Other readers of the database's file end a string there.
  if (text.find('\0') != std::string_view::npos) return expected("string without a NUL character", value);
  return std::string(text);
}

Result<Atom> uuid_from_json(const json::value& value, const NamedUuids& named) {
  const auto* array = value.if_array();
  const bool is_pair = array && array->size() == 2 && (*array)[0].is_string() && (*array)[1].is_string();
  if (is_pair) {
    const std::string_view kind = (*array)[0].get_string();
    const std::string_view text = (*array)[1].get_string();
    if (kind == "uuid") {
      if (const auto uuid = Uuid::parse(text)) return *uuid;
      return fail_at(syntax_error, fmt::format("\"{}\" is not a valid UUID", text), value);
    }
    if (kind == "named-uuid" && named) return TRY(named(text));
  }
  return expected(R"(["uuid", <string>])", value);
}

}  // namespace

std::string_view name_of(AtomType type) { return type_names[static_cast<std::size_t>(type)]; }

Result<AtomType> parse_atom_type(std::string_view name) {
  for (std::size_t i = 0; i < type_names.size(); ++i) {
    if (type_names[i] == name) return static_cast<AtomType>(i);
  }
  return fail_at(syntax_error, fmt::format("\"{}\" is not an atomic-type", name), json::value(name));
}

Atom default_atom(AtomType type) {
  switch (type) {
    case AtomType::integer:
      return std::int64_t{0};
    case AtomType::real:
      return 0.0;
    case AtomType::boolean:
      return false;
    case AtomType::string:
      return std::string();
    case AtomType::uuid:
      break;
  }
  return Uuid();
}

Result<Atom> atom_from_json(AtomType type, const json::value& value, const NamedUuids& named) {
  switch (type) {
    case AtomType::integer:
      return integer_from_json(value);
    case AtomType::real:
      return real_from_json(value);
    case AtomType::boolean:
      if (!value.is_bool()) return expected("boolean", value);
      return value.get_bool();
    case AtomType::string:
      return string_from_json(value);
    case AtomType::uuid:
      break;
  }
  return uuid_from_json(value, named);
}

json::value to_json(const Atom& atom) {
  if (const auto* uuid = std::get_if<Uuid>(&atom)) return json::array{"uuid", uuid->to_string()};
  if (const auto* string = std::get_if<std::string>(&atom)) return json::value(std::string_view(*string));
  if (const auto* integer = std::get_if<std::int64_t>(&atom)) return *integer;
  if (const auto* real = std::get_if<double>(&atom)) return *real;
  return std::get<bool>(atom);
}

}  // namespace weft::ovsdb
