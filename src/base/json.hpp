// JSON text in and out (RFC 8259), with the limits every caller wants.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft {

namespace json = boost::json;

// Deeper nesting is refused: nothing in OVSDB needs a tenth of it, and the parsers recurse.
inline constexpr std::size_t max_json_depth = 256;

// A whole text is one value; an error tells line and column. Duplicate keys: the last one wins.
Result<json::value> parse_json(std::string_view text);

enum class JsonStyle {
  compact,  // One line, no spaces.
  pretty,   // Two spaces a level.
};
// Keys in order of their bytes, so that the same value is always the same text.
std::string to_text(const json::value& value, JsonStyle style = JsonStyle::compact);

// A value in an error message: at most `max_length` bytes of its text, then "...".
std::string excerpt(const json::value& value, std::size_t max_length = 120);

}  // namespace weft
