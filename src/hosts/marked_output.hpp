// What a script wrote, out of a stream in which a marker tells its end. Bounded: what is too much is dropped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weft::hosts {

class MarkedOutput {
 public:
  // The end is `marker`, what belongs to it, and a line feed. `bytes_max`: of the output.
  MarkedOutput(std::string marker, std::size_t bytes_max) : marker_(std::move(marker)), bytes_max_(bytes_max) {}

  // The next bytes of the stream; true once the end is there. What comes after it is dropped.
  bool add(std::string_view bytes);
  bool is_complete() const { return trailer_.has_value(); }

  // The output, with a line about what was cut off.
  std::string text() const;
  // What stood between marker and line feed.
  const std::string& trailer() const { return *trailer_; }

 private:
  std::string marker_;
  std::size_t bytes_max_;
  std::string text_;  // The output so far, then what may be the beginning of the end.
  std::size_t dropped_bytes_ = 0;
  std::optional<std::string> trailer_;
};

}  // namespace weft::hosts
