// A subnet, and an address together with the subnet that it stands in (RFC 4632, RFC 4291 section 2.3).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/ip_address.hpp"

namespace weft {

class Subnet {
 public:
  // "192.168.100.0/24" or "fd00::/64"; the bits after the prefix must be zero.
  static std::optional<Subnet> parse(std::string_view text);
  // The one that `address` stands in. `prefix_bits`: 0 to 32, or to 128.
  static Subnet around(const IpAddress& address, std::uint8_t prefix_bits);

  const IpAddress& first() const { return first_; }  // Of an IPv4 subnet its network address.
  IpAddress last() const;                            // Of an IPv4 subnet its broadcast address.
  std::uint8_t prefix_bits() const { return prefix_bits_; }
  bool is_v4() const { return first_.is_v4(); }
  bool contains(const IpAddress& address) const;
  // Addresses that a host can have: IPv4 without network and broadcast address (RFC 3021: a /31 has two), IPv6 without
  // the subnet-router anycast address. At most 2^32 - 1 are counted.
  std::uint32_t host_count() const;
  IpAddress host(std::uint32_t index) const;  // 0 to host_count() - 1, in the order of numbers.
  std::optional<std::uint32_t> index_of(const IpAddress& host) const;
  std::string to_string() const;
  auto operator<=>(const Subnet&) const = default;

 private:
  Subnet(const IpAddress& first, std::uint8_t prefix_bits) : first_(first), prefix_bits_(prefix_bits) {}
  IpAddress first_;
  std::uint8_t prefix_bits_;
};

// "192.168.100.11/24", as `ip address add` takes it.
struct InterfaceAddress {
  IpAddress address = {};
  std::uint8_t prefix_bits = 0;

  static std::optional<InterfaceAddress> parse(std::string_view text);
  Subnet subnet() const { return Subnet::around(address, prefix_bits); }
  std::string to_string() const;
  auto operator<=>(const InterfaceAddress&) const = default;
};

}  // namespace weft
