// A DHCP message of IPv4 (RFC 2131 section 2, options of RFC 2132), as it stands in a UDP datagram.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

inline constexpr std::uint16_t dhcp4_server_port = 67, dhcp4_client_port = 68;

enum class Dhcp4Type : std::uint8_t { discover = 1, offer, request, decline, ack, nak, release, inform };

enum class Dhcp4Option : std::uint8_t {
  subnet_mask = 1,
  router = 3,
  dns = 6,
  hostname = 12,
  domain = 15,
  mtu = 26,
  broadcast = 28,
  requested_address = 50,
  lease_time = 51,
  overload = 52,
  type = 53,
  server = 54,
  requested_options = 55,
  text = 56,
  max_message_bytes = 57,
  renewal_time = 58,
  rebinding_time = 59,
  client_id = 61,
  rapid_commit = 80,      // RFC 4039
  classless_routes = 121  // RFC 3442
};

struct Dhcp4Message {
  bool is_reply = false;
  std::uint32_t transaction = 0;
  bool wants_broadcast = false;  // The answer, as it cannot hear what is sent to an address it does not have yet.
  IpAddress client = IpAddress(std::array<std::uint8_t, 4>{});  // "ciaddr": has it, and answers there.
  IpAddress yours = IpAddress(std::array<std::uint8_t, 4>{});   // "yiaddr"
  IpAddress relay = IpAddress(std::array<std::uint8_t, 4>{});   // "giaddr"
  MacAddress mac = {};                                          // "chaddr"
  Dhcp4Type type = Dhcp4Type::discover;
  // All but `type` and `overload`; the values of one that stands there several times are joined (RFC 3396).
  std::map<Dhcp4Option, Bytes> options = {};

  const Bytes* find(Dhcp4Option option) const;
  // None: it is not there, or not four bytes.
  std::optional<IpAddress> address(Dhcp4Option option) const;
  std::optional<std::uint16_t> number(Dhcp4Option option) const;  // The same of two bytes.
  void put(Dhcp4Option option, ByteView value) { options[option] = Bytes(value.begin(), value.end()); }
  void put(Dhcp4Option option, const IpAddress& address) { put(option, address.v4()); }
  void put_u16(Dhcp4Option option, std::uint16_t value);
  void put_u32(Dhcp4Option option, std::uint32_t value);
  bool operator==(const Dhcp4Message&) const = default;
};

// Every client takes so much (RFC 2131 section 2), in UDP: 576 bytes less the headers of IP and UDP.
inline constexpr std::size_t least_dhcp4_bytes = 548;

// At most `max_bytes`, at least what least_dhcp4_bytes says. What does not fit among the options stands in the fields
// for file and server names (option 52); what fits nowhere, the later ones of `order` first, is left out. Options that
// `order` does not name come last.
Bytes encode(const Dhcp4Message& message, std::size_t max_bytes, const std::vector<Dhcp4Option>& order);
// None: not whole, not of Ethernet, or without a type that there is.
std::optional<Dhcp4Message> decode_dhcp4(ByteView bytes);

}  // namespace weft
