// The header of IPv4 (RFC 791) and of IPv6 (RFC 8200), as far as a switch's user has a reason to set it.
#pragma once

#include <optional>

#include "wire/ip_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

enum IpProtocol : std::uint8_t {
  protocol_icmp = 1,
  protocol_tcp = 6,
  protocol_udp = 17,
  protocol_icmpv6 = 58,
  protocol_experimental = 253,  // RFC 3692.
};

struct IpHeader {
  IpAddress source = {};  // Of the same family as `destination`.
  IpAddress destination = {};
  std::uint8_t protocol = protocol_experimental;
  std::uint8_t ttl = 64;       // The hop limit of IPv6.
  std::uint8_t tos = 0;        // The traffic class of IPv6: DSCP and ECN.
  bool dont_fragment = false;  // Of IPv4.
  bool is_fragment = false;    // Of IPv4, and not the first: what follows has no header of its own. Only decoded.

  bool operator==(const IpHeader&) const = default;
};

// The header is the last that was written; `content_bytes` will follow.
void encode(const IpHeader& header, std::size_t content_bytes, WireWriter& out);
// Afterwards `in` ends where the packet does. None: not whole, or not of the version.
std::optional<IpHeader> decode_ipv4(WireReader& in);
std::optional<IpHeader> decode_ipv6(WireReader& in);

}  // namespace weft
