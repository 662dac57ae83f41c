// Universally unique identifier (RFC 4122), 128 bits, most significant byte first.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

class Uuid {
 public:
  constexpr Uuid() = default;  // All zero.
  static Uuid random();        // Version 4, from the kernel's generator.
  // Exactly 36 characters, hex digits of either case and dashes in their places.
  static std::optional<Uuid> parse(std::string_view text);

  std::string to_string() const;  // 36 characters, lower case.
  bool is_zero() const { return *this == Uuid{}; }
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  auto operator<=>(const Uuid&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// The text could be the beginning of a UUID of at least `least_digits` hex digits; it may be a whole one.
bool is_uuid_prefix(std::string_view text, std::size_t least_digits);

}  // namespace weft

template <>
struct std::hash<weft::Uuid> {
  // Random UUIDs are their own hash: the first eight bytes serve.
  std::size_t operator()(const weft::Uuid& uuid) const noexcept {
    std::size_t result = 0;
    std::memcpy(&result, uuid.bytes().data(), sizeof result);
    return result;
  }
};
