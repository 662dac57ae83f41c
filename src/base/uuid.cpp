#include "base/uuid.hpp"

#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <span>

#include "base/check.hpp"

namespace weft {
namespace {

constexpr std::size_t text_length = 36;

constexpr bool is_dash_position(std::size_t position) {
  return position == 8 || position == 13 || position == 18 || position == 23;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool fits(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_position(i) ? text[i] != '-' : hex_value(text[i]) < 0) return false;
  }
  return text.size() <= text_length;
}

// How many forks lie between the first process and this one.
std::atomic<unsigned> generation = 0;

// Asks the kernel for many bytes at a time: a database that is opened wants one UUID a row.
class RandomBytes {
 public:
  void take(std::span<std::uint8_t> bytes) {
    // After a fork both processes would go on with the same bytes. Asking for the pid each time would cost as much as
    // asking for bytes.
    if (left_ < bytes.size() || generation_ != generation) refill();
    left_ -= bytes.size();
    std::ranges::copy(std::span(buffer_).subspan(left_, bytes.size()), bytes.begin());
  }

 private:
  void refill() {
    static const int watched = ::pthread_atfork(nullptr, nullptr, [] { ++generation; });
    CHECK(watched == 0);
    CHECK(::getrandom(buffer_.data(), buffer_.size(), 0) == static_cast<ssize_t>(buffer_.size()));
    left_ = buffer_.size();
    generation_ = generation;
  }

  std::array<std::uint8_t, 256> buffer_;  // Never interrupted: getrandom(2).
  std::size_t left_ = 0;
  unsigned generation_ = 0;
};

}  // namespace

Uuid Uuid::random() {
  Uuid uuid;
  thread_local RandomBytes random_bytes;
  random_bytes.take(uuid.bytes_);
  uuid.bytes_[6] = static_cast<std::uint8_t>((uuid.bytes_[6] & 0x0f) | 0x40);  // RFC 4122 section 4.4: version 4,
  uuid.bytes_[8] = static_cast<std::uint8_t>((uuid.bytes_[8] & 0x3f) | 0x80);  // variant 10.
  return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != text_length || !fits(text)) return std::nullopt;
  Uuid uuid;
  std::size_t position = 0;
  for (auto& byte : uuid.bytes_) {
    if (is_dash_position(position)) ++position;
    byte = static_cast<std::uint8_t>(hex_value(text[position]) << 4 | hex_value(text[position + 1]));
    position += 2;
  }
  return uuid;
}

std::string Uuid::to_string() const {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(text_length);
  for (const auto byte : bytes_) {
    if (is_dash_position(text.size())) text += '-';
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

bool is_uuid_prefix(std::string_view text, std::size_t least_digits) {
  const auto digits = text.size() - static_cast<std::size_t>(std::ranges::count(text, '-'));
  return fits(text) && digits >= least_digits;
}

}  // namespace weft
