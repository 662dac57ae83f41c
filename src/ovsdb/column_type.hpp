// The type of a column and its constraints (RFC 7047 section 3.2 <type>, <base-type>).
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "ovsdb/datum.hpp"

namespace weft::ovsdb {

struct BaseType {
  AtomType type = AtomType::string;
  std::optional<Datum> enumeration = {};  // The allowed atoms, as a set.
  std::int64_t min_integer = std::numeric_limits<std::int64_t>::min();
  std::int64_t max_integer = std::numeric_limits<std::int64_t>::max();
  double min_real = -std::numeric_limits<double>::max();
  double max_real = std::numeric_limits<double>::max();
  std::int64_t min_length = 0;  // In characters, not bytes.
  std::int64_t max_length = std::numeric_limits<std::int64_t>::max();
  std::string ref_table = {};  // Empty: no reference.
  bool weak = false;           // A weak reference; a strong one otherwise.

  bool is_strong_ref() const { return !ref_table.empty() && !weak; }
  bool is_weak_ref() const { return !ref_table.empty() && weak; }
  static Result<BaseType> from_json(const json::value& value);
  json::value to_json() const;
  // "constraint violation", saying the value and the bound.
  Result<> check(const Atom& atom) const;
  bool operator==(const BaseType&) const = default;
};

inline constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

struct ColumnType {
  BaseType key;
  std::optional<BaseType> value = {};  // Present: a map.
  std::size_t min = 1;                 // 0 or 1.
  std::size_t max = 1;                 // 1 or more; `unlimited`.

  bool is_scalar() const { return !value && min == 1 && max == 1; }
  bool is_optional_scalar() const { return !value && min == 0 && max == 1; }
  bool is_set() const { return !value && max > 1; }
  bool is_map() const { return value.has_value(); }
  bool has_references() const { return !key.ref_table.empty() || (value && !value->ref_table.empty()); }

  static Result<ColumnType> from_json(const json::value& value);
  json::value to_json() const;
  // In words: "integer", "set of up to 2 integers", "map of (string, integer) pairs".
  std::string describe() const;
  // What a column of a new row holds: empty if min is 0, else one default atom (pair).
  Datum default_datum() const;
  // "constraint violation" where so many elements are not allowed.
  Result<> check_size(std::size_t size) const;
  // Every element's constraints, and their number: "constraint violation".
  Result<> check(const Datum& datum) const;
  // Checks every atom's constraints, duplicates and the number of elements.
  Result<Datum> datum_from_json(const json::value& value, const NamedUuids& named = {}) const;
  // The shortest form: a bare atom for one element, ["set",...] or ["map",...] otherwise.
  json::value datum_to_json(const Datum& datum) const;
  bool operator==(const ColumnType&) const = default;
};

}  // namespace weft::ovsdb
