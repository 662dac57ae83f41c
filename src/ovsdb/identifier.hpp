// RFC 7047 section 3.1 <id>: [a-zA-Z_][a-zA-Z0-9_]*
#pragma once

#include <algorithm>
#include <string_view>

namespace weft::ovsdb {

inline bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && is_letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || is_digit(c); });
}

}  // namespace weft::ovsdb
