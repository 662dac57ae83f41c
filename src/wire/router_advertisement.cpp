#include "wire/router_advertisement.hpp"

#include "wire/checksum.hpp"

namespace weft {
namespace {

constexpr std::uint8_t type_solicitation = 133, type_advertisement = 134;
constexpr std::uint8_t option_source_mac = 1, option_prefix = 3, option_mtu = 5, option_dns = 25;
constexpr std::uint8_t managed_flag = 0x80, other_flag = 0x40;
constexpr std::uint8_t on_link_flag = 0x80, autonomous_flag = 0x40;
constexpr std::uint8_t slaac_bits = 64;
constexpr std::size_t unit_bytes = 8;  // Of an option's length.
constexpr std::size_t checksum_place = 2;

// RFC 4861 section 6.1.1: each option has a length that is not 0.
bool are_options_whole(WireReader in) {
  while (!in.rest().empty()) {
    in.u8();
    const auto units = in.u8();
    if (units == 0) return false;
    in.take(units * unit_bytes - 2);
    if (!in.is_whole()) return false;
  }
  return true;
}

void write_options(const RouterAdvertisement& advertisement, WireWriter& out) {
  if (advertisement.mac) {
    out.u8(option_source_mac);
    out.u8(1);
    out.bytes(advertisement.mac->bytes());
  }
  if (advertisement.mtu_bytes) {
    out.u8(option_mtu);
    out.u8(1);
    out.u16(0);
    out.u32(*advertisement.mtu_bytes);
  }
  if (advertisement.prefix) {
    const bool makes_addresses = advertisement.makes_addresses && advertisement.prefix->prefix_bits() == slaac_bits;
    out.u8(option_prefix);
    out.u8(4);
    out.u8(advertisement.prefix->prefix_bits());
    out.u8(on_link_flag | (makes_addresses ? autonomous_flag : std::uint8_t{0}));
    out.u32(advertisement.valid_s);
    out.u32(advertisement.preferred_s);
    out.u32(0);
    out.bytes(advertisement.prefix->first().mapped());
  }
  if (!advertisement.dns.empty()) {
    out.u8(option_dns);
    out.u8(static_cast<std::uint8_t>(1 + 2 * advertisement.dns.size()));
    out.u16(0);
    out.u32(advertisement.dns_s);
    for (const auto& server : advertisement.dns) out.bytes(server.mapped());
  }
}

}  // namespace

std::optional<RouterSolicitation> decode_router_solicitation(ByteView frame) {
  WireReader in(frame);
  const auto ethernet = decode_ethernet(in);
  if (!ethernet || ethernet->type != type_ipv6) return std::nullopt;
  const auto ip = decode_ipv6(in);
  if (!ip || ip->protocol != protocol_icmpv6 || ip->ttl != nd_hop_limit || ip->source.is_multicast())
    return std::nullopt;
  const bool is_solicitation = in.u8() == type_solicitation && in.u8() == 0;
  in.take(6);  // Checksum, reserved.
  if (!in.is_whole() || !is_solicitation || !are_options_whole(in)) return std::nullopt;
  return RouterSolicitation{.ethernet = *ethernet, .source = ip->source};
}

Bytes encode(const RouterAdvertisement& advertisement, const EthernetHeader& ethernet, const IpAddress& source,
             const IpAddress& destination) {
  WireWriter message;
  message.u8(type_advertisement);
  message.u8(0);
  message.u16(0);  // Checksum.
  message.u8(64);  // The hop limit for what hosts send.
  message.u8(static_cast<std::uint8_t>((advertisement.is_managed ? managed_flag : 0) |
                                       (advertisement.has_other_settings ? other_flag : 0)));
  message.u16(advertisement.router_s);
  message.u32(0);  // For how long a neighbour counts as reachable, and
  message.u32(0);  // how often to ask again: as the host likes it.
  write_options(advertisement, message);
  Checksum checksum;
  checksum.add_pseudo_header(source, destination, protocol_icmpv6, message.size());
  checksum.add(message.from(0));
  message.set_u16(checksum_place, checksum.value());

  WireWriter out;
  auto header = ethernet;
  header.type = type_ipv6;
  encode(header, out);
  encode(IpHeader{.source = source, .destination = destination, .protocol = protocol_icmpv6, .ttl = nd_hop_limit},
         message.size(), out);
  out.bytes(message.from(0));
  return out.take();
}

IpAddress link_local_address(const MacAddress& mac) {
  const auto& of = mac.bytes();
  constexpr std::uint8_t is_local = 2;
  return IpAddress(std::array<std::uint8_t, 16>{0xfe, 0x80, 0, 0, 0, 0, 0, 0,
                                                static_cast<std::uint8_t>(of[0] ^ is_local), of[1], of[2], 0xff, 0xfe,
                                                of[3], of[4], of[5]});
}

}  // namespace weft
