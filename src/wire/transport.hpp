// What IP carries: UDP (RFC 768), TCP (RFC 9293), and ICMP for both versions (RFC 792, RFC 4443).
#pragma once

#include <optional>
#include <variant>

#include "wire/ip.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

struct UdpHeader {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;

  bool operator==(const UdpHeader&) const = default;
};

struct TcpHeader {
  enum Flag : std::uint8_t { fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32 };
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t flags = 0;

  bool operator==(const TcpHeader&) const = default;
};

struct IcmpHeader {
  std::uint8_t type = 0;
  std::uint8_t code = 0;

  bool operator==(const IcmpHeader&) const = default;
};

// ICMP: type and code of an echo, in the numbers of the packet's version.
inline constexpr IcmpHeader icmp_echo_request{.type = 8};
inline constexpr IcmpHeader icmp_echo_reply{.type = 0};
inline constexpr IcmpHeader icmpv6_echo_request{.type = 128};
inline constexpr IcmpHeader icmpv6_echo_reply{.type = 129};

// None: of another protocol.
using Transport = std::variant<std::monostate, UdpHeader, TcpHeader, IcmpHeader>;

// The protocol's number in a packet between such addresses as `address`; of none, the one for experiments.
std::uint8_t protocol_of(const Transport& transport, const IpAddress& address);
std::size_t header_bytes_of(const Transport& transport);

// With `content` behind it, and checksums.
void encode(const Transport& transport, const IpHeader& ip, ByteView content, WireWriter& out);
// Takes nothing from `in` where it is not whole, or of another protocol.
Transport decode_transport(const IpHeader& ip, WireReader& in);

}  // namespace weft
