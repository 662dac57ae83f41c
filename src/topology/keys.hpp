// The keys of a lab file: one table, which the parser, the JSON Schema and the tests read.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "topology/value_kinds.hpp"

namespace weft::topology {

struct Key {
  std::string_view name;
  ValueRule rule;
  std::string_view meaning;  // For editors; a line.
  bool is_required = false;
};

// How a section holds its items.
enum class Shape : std::uint8_t {
  one,    // It is a mapping of keys itself.
  named,  // A mapping from names to mappings of keys, which may be empty; or a list of names.
  list,   // A list of mappings of keys.
};

struct Section {
  std::string_view name;
  std::string_view item;  // "a host", for messages.
  Shape shape;
  std::span<const Key> keys;
  std::string_view meaning;
  bool is_required = false;   // The file has one, with something in it.
  bool has_defaults = false;  // `defaults` may hold a mapping of the same name, which stands behind every item.
};

std::span<const Key> top_keys();  // Beside the sections and `defaults`.
std::span<const Section> sections();
const Section& section(std::string_view name);  // One that there is.

// Top-level keys that begin so are left alone: a place for anchors, as in compose files.
inline constexpr std::string_view extension_prefix = "x-";
inline constexpr std::string_view defaults_key = "defaults";

}  // namespace weft::topology
