// VXLAN network devices (RFC 7348) as the kernel has them: ip-link(8), "VXLAN Type Support".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"

namespace weft::model {

inline constexpr std::uint16_t vxlan_port = 4789;  // RFC 7348 section 5.
inline constexpr std::uint32_t greatest_vni = (1U << 24) - 1;

inline constexpr std::size_t most_remotes = 1024;  // Of one tunnel, configured ones and those that were heard.

// Don't Fragment in the outer IPv4 header.
enum class VxlanDf : std::uint8_t { unset, set, inherit };

struct VxlanLink {
  std::uint32_t vni = 0;       // Below 1 << 24; of a device that bears many (is_external, has_vni_filter), nothing.
  std::uint16_t dst_port = 0;  // Host order, as all ports here.
  bool is_ipv6 = false;        // Of the underlay. A device without any address counts as IPv4, as in the kernel.
  std::optional<IpAddress> local = {};   // Source of outer packets. None: by route.
  std::optional<IpAddress> remote = {};  // Group, or the one remote that the device was made with.
  int underlay_ifindex = 0;              // 0: by route.
  std::uint16_t source_port_low = 0;     // Outer source ports, by hash of the inner flow: from low
  std::uint16_t source_port_high = 0;    // to below high. Both 0: the system's ephemeral ports.

  bool inherits_tos = false;
  std::uint8_t tos = 0;
  bool inherits_ttl = false;
  std::uint8_t ttl = 0;  // 0: by route for a unicast remote, 1 for a group.
  VxlanDf df = VxlanDf::unset;
  std::uint32_t flow_label = 0;  // IPv6, host order.

  bool sends_checksum = false;          // Outer UDP checksum, in the device's family.
  bool takes_zero_checksum_v6 = false;  // On IPv6. On IPv4 everyone does.
  bool learns = true;                   // Which remote an inner address is behind, from what arrives.
  std::uint32_t ageing_s = 0;           // 0: what was learned stays.
  std::uint32_t most_addresses = 0;     // 0: no limit.

  bool is_external = false;     // Tunnel data come with each packet ("external"): the device has no VNI of its own.
  bool has_vni_filter = false;  // Its VNIs are in a table ("vnifilter").
  // Extensions that change the header: then no frame is a plain VXLAN one.
  bool has_group_policy = false, has_gpe = false, has_remote_checksum = false;

  bool operator==(const VxlanLink&) const = default;
};

// By which way outer packets leave the host.
struct UnderlayPath {
  std::string device = {};
  std::uint32_t mtu_bytes = 0;
  bool is_up = true;
  bool has_source = true;  // An address to send from.

  bool operator==(const UnderlayPath&) const = default;
};

// What else is observed of a vxlan device that Weft made.
struct TunnelState {
  std::set<IpAddress> remotes = {};              // Who gets what is for unknown addresses.
  std::set<IpAddress> heard = {};                // Behind whom an address was learned; at most `most_remotes`.
  std::map<IpAddress, UnderlayPath> paths = {};  // To `remotes`. One that is missing: no route.
  bool has_local = true;                         // VxlanLink::local is an address of the host.

  bool operator==(const TunnelState&) const = default;
};

// A vxlan device that Weft makes: one tunnel of one VNI.
struct VxlanDevice {
  std::uint32_t vni = 0;  // Below 1 << 24.
  std::uint16_t dst_port = vxlan_port;
  std::set<IpAddress> remotes = {};     // Of one family, at least one: a group alone, or any number of VTEPs.
  std::optional<IpAddress> local = {};  // Of the same family.
  std::string underlay = {};            // Name of a device. Empty: by route; for a group, by the route at the time.
  bool inherits_tos = false;
  std::uint8_t tos = 0;
  bool inherits_ttl = false;
  std::uint8_t ttl = 0;  // As VxlanLink::ttl.
  VxlanDf df = VxlanDf::set;
  bool has_checksum = false;                     // Sends the outer UDP checksum. On IPv6: also asks for it.
  std::optional<MacAddress> mac_when_made = {};  // None: any.
  std::uint32_t mtu_bytes = 0;                   // When made. 0: as the kernel likes.

  bool has_strict_remotes = false;  // Nobody else is listened or sent to.

  bool is_ipv6() const { return !remotes.begin()->is_v4(); }
  bool takes_zero_checksum_v6() const { return is_ipv6() && !has_checksum; }
  bool has_group() const { return remotes.begin()->is_multicast(); }
  bool operator==(const VxlanDevice&) const = default;
};

}  // namespace weft::model
