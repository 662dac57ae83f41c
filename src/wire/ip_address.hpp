// An IPv4 or IPv6 address, in the order of the wire. An IPv4 address is kept IPv4-mapped (RFC 4291 section 2.5.5.2), as
// the datapath's maps have it; so no mapped address is an IPv6 one.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

class IpAddress {
 public:
  constexpr IpAddress() = default;  // "::", the unspecified IPv6 address.
  constexpr explicit IpAddress(std::array<std::uint8_t, 4> v4)
      : mapped_{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4[0], v4[1], v4[2], v4[3]} {}
  constexpr explicit IpAddress(std::array<std::uint8_t, 16> v6) : mapped_(v6) {}
  // Dotted quad, or what inet_pton(3) takes as IPv6. No prefix length, no scope.
  static std::optional<IpAddress> parse(std::string_view text);
  // The 4 or 16 bytes of a packet or a netlink attribute; none for any other length.
  static std::optional<IpAddress> from_bytes(const void* bytes, std::size_t count);

  std::string to_string() const;
  const std::array<std::uint8_t, 16>& mapped() const { return mapped_; }
  bool is_v4() const;
  std::array<std::uint8_t, 4> v4() const { return {mapped_[12], mapped_[13], mapped_[14], mapped_[15]}; }
  bool is_unspecified() const;  // 0.0.0.0 or ::
  bool is_multicast() const;    // 224.0.0.0/4 or ff00::/8
  bool is_link_local() const;   // Of IPv6, unicast: fe80::/10. Means nothing without a device.
  bool is_loopback() const;     // 127.0.0.0/8 or ::1
  bool is_broadcast() const;    // 255.255.255.255
  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> mapped_{};
};

}  // namespace weft
