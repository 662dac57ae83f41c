// What the outside world can cause is an Error in an expected; a broken invariant is a bug and aborts.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace weft {

struct Error {
  std::string tag;          // Stable, for programs: "constraint violation", "no such device".
  std::string details;      // For people: what, where, and what to do about it.
  std::string syntax = {};  // The text that is wrong, where the error is about one; may be empty.

  bool operator==(const Error&) const = default;
};

// std::expected that may not be ignored: a forgotten error does not compile.
template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// An error result of any type: `return fail("syntax error", "column 3: expected a comma");`
inline std::unexpected<Error> fail(std::string tag, std::string details) {
  return std::unexpected(Error{std::move(tag), std::move(details)});
}

}  // namespace weft

// The one macro: the value, or hand the error to the caller.
#define TRY(expression)                                                     \
  ({                                                                        \
    auto try_result = (expression);                                         \
    if (!try_result) return std::unexpected(std::move(try_result).error()); \
    *std::move(try_result);                                                 \
  })
