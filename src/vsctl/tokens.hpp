// The pieces that arguments are cut into: names, keys and values up to a punctuation mark, with quotes and
// backslashes to put such a mark inside.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft::vsctl {

// Reads an argument from left to right; `rest` is what has not been read.
class TokenReader {
 public:
  explicit TokenReader(std::string_view text) : text_(text), rest_(text) {}

  std::string_view whole() const { return text_; }
  std::string_view rest() const { return rest_; }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.front(); }
  bool at_delimiter() const;

  void skip_spaces();
  // Takes `c` if it is next.
  bool take(char c);
  bool take(std::string_view text);
  // Up to the next delimiter, which may be at once. Quotes stay; a backslash outside of them goes, and what it
  // precedes is no delimiter.
  Result<std::string> token();

 private:
  std::string_view text_;
  std::string_view rest_;
};

// The text inside a string that begins with a double quote, with JSON's escapes undone.
Result<std::string> unquote(std::string_view quoted);

bool is_utf8(std::string_view text);

}  // namespace weft::vsctl
