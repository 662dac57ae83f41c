// Errors about a piece of JSON, which goes to the client with them (RFC 7047 section 3.1 <error>, "syntax"). Their
// words are Open vSwitch's: programs and tests compare them.
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"

namespace weft::ovsdb {

// An error repeats so much of what was wrong, then "...".
inline constexpr std::size_t max_syntax_bytes = 64 << 10;

inline std::unexpected<Error> fail_at(std::string tag, std::string details, const json::value& wrong) {
  return std::unexpected(Error{std::move(tag), std::move(details), excerpt(wrong, max_syntax_bytes)});
}

// How a program's line about the error begins, as Open vSwitch's do: what was wrong, if that is known, and the tag.
inline std::string kind_of(const Error& error) {
  return error.syntax.empty() ? error.tag : "syntax \"" + error.syntax + "\": " + error.tag;
}

}  // namespace weft::ovsdb
