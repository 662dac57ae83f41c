// The words of a line, taken one after another by a parser whose errors show the place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft {

class WordReader {
 public:
  // `text` outlives it. Words are parted by white space.
  explicit WordReader(std::string_view text);

  bool is_at_end() const { return next_ == words_.size(); }
  // Takes the next word if it is this one.
  bool accept(std::string_view word);
  // The next word; an error at the end of the line. `expected` what: "a MAC address".
  Result<std::string_view> take(std::string_view expected);
  Result<> expect(std::string_view word);
  // Decimal, or hex with 0x.
  Result<std::uint32_t> number(std::string_view expected, std::uint32_t max);

  // Error "bad frame" about the word that was taken last, or about the one to be taken next.
  std::unexpected<Error> complain_of_last(std::string_view expected) const;
  std::unexpected<Error> complain_of_next(std::string_view expected) const;

 private:
  std::unexpected<Error> complain(std::size_t word, std::string_view expected) const;

  std::string_view text_;
  std::vector<std::string_view> words_;
  std::size_t next_ = 0;
};

}  // namespace weft
