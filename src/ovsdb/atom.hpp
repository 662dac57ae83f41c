// Atom: one scalar value of a column (RFC 7047 section 5.1 <atom>).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/uuid.hpp"

namespace weft::ovsdb {

// In the order of Atom's alternatives.
enum class AtomType : std::uint8_t { integer, real, boolean, string, uuid };

// Strings are UTF-8. Atoms of one type compare as OVSDB sorts them; types are never mixed in a column.
using Atom = std::variant<std::int64_t, double, bool, std::string, Uuid>;

inline AtomType type_of(const Atom& atom) { return static_cast<AtomType>(atom.index()); }
std::string_view name_of(AtomType type);  // "integer", "real", "boolean", "string", "uuid"
Result<AtomType> parse_atom_type(std::string_view name);

Atom default_atom(AtomType type);  // 0, 0.0, false, "", the zero UUID

// The UUID that `name` stands for within one transaction (RFC 7047 section 5.1 <named-uuid>).
using NamedUuids = std::function<Result<Uuid>(std::string_view name)>;

// `named` may be empty: then a named-uuid is a "syntax error".
Result<Atom> atom_from_json(AtomType type, const json::value& value, const NamedUuids& named = {});
json::value to_json(const Atom& atom);

}  // namespace weft::ovsdb
