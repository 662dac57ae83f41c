// ARP of IPv4 over Ethernet (RFC 826).
#pragma once

#include <optional>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

struct ArpPacket {
  enum Operation : std::uint16_t { request = 1, reply = 2 };
  std::uint16_t operation = request;
  MacAddress sender_mac = {};
  IpAddress sender = {};
  MacAddress target_mac = {};
  IpAddress target = {};

  bool operator==(const ArpPacket&) const = default;
};

void encode(const ArpPacket& packet, WireWriter& out);
// None: not whole, neither request nor reply, or about other kinds of addresses.
std::optional<ArpPacket> decode_arp(WireReader& in);

}  // namespace weft
