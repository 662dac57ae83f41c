// Router solicitations and advertisements of IPv6 (RFC 4861 sections 4.1 and 4.2; name servers as of RFC 8106), as
// whole frames.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wire/ethernet.hpp"
#include "wire/ip.hpp"
#include "wire/subnet.hpp"

namespace weft {

inline constexpr std::uint8_t nd_hop_limit = 255;  // Of every such packet: it has passed no router.

struct RouterSolicitation {
  EthernetHeader ethernet = {};
  IpAddress source = {};  // Unspecified: it has no address yet.
};
// None: something else, not whole, or one that RFC 4861 section 6.1.1 wants to be ignored. The checksum is not looked
// at: a frame of the same host may leave it to a device that it never meets.
std::optional<RouterSolicitation> decode_router_solicitation(ByteView frame);

struct RouterAdvertisement {
  bool is_managed = false;                     // Addresses are given out by DHCPv6,
  bool has_other_settings = false;             // and other things.
  std::uint16_t router_s = 0;                  // So long the sender is a default router; 0: it is none.
  std::optional<Subnet> prefix = {};           // On the link.
  bool makes_addresses = false;                // In `prefix`, by themselves (SLAAC, RFC 4862); only with 64 bits.
  std::uint32_t valid_s = 0, preferred_s = 0;  // Of addresses in the prefix.
  std::optional<std::uint32_t> mtu_bytes = {};
  std::vector<IpAddress> dns = {};
  std::uint32_t dns_s = 0;
  std::optional<MacAddress> mac = {};  // The sender's. None: whoever wants to know asks.
};
Bytes encode(const RouterAdvertisement& advertisement, const EthernetHeader& ethernet, const IpAddress& source,
             const IpAddress& destination);

// What a device of this MAC calls itself on the link (RFC 4291 appendix A).
IpAddress link_local_address(const MacAddress& mac);

}  // namespace weft
