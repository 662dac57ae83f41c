// Ethernet address (IEEE 802-2014 section 8), in the order of the wire.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

class MacAddress {
 public:
  constexpr MacAddress() = default;  // 00:00:00:00:00:00
  constexpr explicit MacAddress(std::array<std::uint8_t, 6> bytes) : bytes_(bytes) {}
  // Six pairs of hex digits of either case with colons between.
  static std::optional<MacAddress> parse(std::string_view text);

  std::string to_string() const;  // Lower case, with colons.
  const std::array<std::uint8_t, 6>& bytes() const { return bytes_; }
  bool is_multicast() const { return (bytes_[0] & 1) != 0; }  // Broadcast too.
  bool is_zero() const { return *this == MacAddress{}; }
  auto operator<=>(const MacAddress&) const = default;

 private:
  std::array<std::uint8_t, 6> bytes_{};
};

}  // namespace weft
