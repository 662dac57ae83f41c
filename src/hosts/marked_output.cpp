#include "hosts/marked_output.hpp"

#include <fmt/format.h>

namespace weft::hosts {
namespace {

constexpr std::size_t trailer_bytes_max = 256;  // A marker that goes on for longer is none.

}  // namespace

bool MarkedOutput::add(std::string_view bytes) {
  if (trailer_) return true;
  // The marker may have begun in what came before, and its line may still be under way.
  const auto overlap = marker_.size() + trailer_bytes_max;
  const auto from = text_.size() > overlap ? text_.size() - overlap : 0;
  text_ += bytes;
  if (const auto marker = text_.find(marker_, from); marker != std::string::npos) {
    const auto behind = marker + marker_.size();
    if (const auto end = text_.find('\n', behind); end != std::string::npos) {
      trailer_ = text_.substr(behind, end - behind);
      text_.resize(marker);
    }
  }
  const auto kept_max = bytes_max_ + (trailer_ ? 0 : overlap);
  if (text_.size() > kept_max) {
    // Of what is not the end yet, the last part stays to be searched.
    const auto excess = text_.size() - kept_max;
    text_.erase(bytes_max_, excess);
    dropped_bytes_ += excess;
  }
  return trailer_.has_value();
}

std::string MarkedOutput::text() const {
  if (dropped_bytes_ == 0) return text_;
  return fmt::format("{}\n[{} bytes more were cut off here]\n", std::string_view(text_).substr(0, bytes_max_),
                     dropped_bytes_);
}

}  // namespace weft::hosts
