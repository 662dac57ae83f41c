// The Ethernet header with its VLAN tags (IEEE 802.3 clause 3, IEEE 802.1Q-2018 clause 9).
#pragma once

#include <optional>
#include <vector>

#include "wire/mac_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

enum EtherType : std::uint16_t {
  type_ipv4 = 0x0800,
  type_arp = 0x0806,
  type_vlan = 0x8100,  // A customer's tag, the usual one.
  type_ipv6 = 0x86dd,
  type_service_vlan = 0x88a8,  // A provider's tag.
  type_experimental = 0x88b5,  // For local experiments (IEEE 802-2014 section 9.2.4).
};

inline constexpr std::size_t ethernet_header_bytes = 14;
inline constexpr std::uint16_t max_vlan = 4095;
inline constexpr std::size_t max_vlan_tags = 8;  // More are taken for content.

struct VlanTag {
  std::uint16_t type = type_vlan;
  std::uint16_t vlan = 0;     // 0: it only carries a priority.
  std::uint8_t priority = 0;  // 0 to 7.
  bool may_be_dropped = false;

  // Priority, "may be dropped" and VLAN as the tag has them.
  std::uint16_t control() const {
    return static_cast<std::uint16_t>(priority << 13 | (may_be_dropped ? 0x1000 : 0) | vlan);
  }
  bool operator==(const VlanTag&) const = default;
};

struct EthernetHeader {
  MacAddress destination = {};
  MacAddress source = {};
  std::vector<VlanTag> tags = {};  // The outer one first.
  std::uint16_t type = type_experimental;

  bool operator==(const EthernetHeader&) const = default;
};

void encode(const EthernetHeader& header, WireWriter& out);
// None: not whole.
std::optional<EthernetHeader> decode_ethernet(WireReader& in);

}  // namespace weft
