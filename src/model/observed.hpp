// What the kernel has: the network devices of our namespace, and what Weft's datapath holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "model/desired.hpp"
#include "model/fast_path.hpp"
#include "model/served.hpp"
#include "model/vxlan.hpp"

namespace weft::model {

struct LinkStatistics {  // Since the device was made.
  std::uint64_t rx_packets = 0, rx_bytes = 0, rx_dropped = 0, rx_errors = 0;
  std::uint64_t rx_frame_errors = 0, rx_over_errors = 0, rx_crc_errors = 0;
  std::uint64_t tx_packets = 0, tx_bytes = 0, tx_dropped = 0, tx_errors = 0, collisions = 0;

  bool operator==(const LinkStatistics&) const = default;
};

struct Link {
  int ifindex = 0;          // 0: it is away.
  int carrier_ifindex = 0;  // Of the device with the datapath's filter, where that is another: an internal one's peer.
  std::string kind = {};    // "veth", "vxlan", "tun", ...; empty for a physical device.
  MacAddress mac = {};
  std::uint32_t mtu_bytes = 0;
  bool admin_up = false;
  bool carrier = false;
  std::uint64_t speed_bps = 0;  // 0: unknown.
  bool full_duplex = false;
  std::optional<MadeKind> made = {};     // By Weft.
  bool is_internal_peer = false;         // The switch's end of such a port: the datapath's filter sits here.
  bool peer_in_other_namespace = false;  // The device with the filter is a veth whose other end lives elsewhere.
  // An internal device that somebody has moved into another namespace, by the name it was made with. It goes on
  // working; what is set about it is that namespace's affair.
  bool is_away = false;
  std::optional<VxlanLink> vxlan = {};     // Of kind "vxlan".
  std::optional<TunnelState> tunnel = {};  // Of a vxlan device that Weft made.
  std::set<int> underlays = {};            // Of a vxlan device: Ethernet devices that its packets come and go by.
  std::uint32_t way_mtu_bytes = 0;         // And the MTU of the narrowest way that they take; 0: not known.
  std::string patch_peer = {};             // Of a patch port's device: the port at the other end, as we named it.
  LinkStatistics statistics = {};

  bool is_internal() const { return made == MadeKind::internal; }
  // The device's key in Observed::ports.
  int port_ifindex() const { return carrier_ifindex != 0 ? carrier_ifindex : ifindex; }
  bool operator==(const Link&) const = default;
};
// All but the statistics, which change all the time.
inline bool is_same_but_for_statistics(const Link& a, Link b) {
  b.statistics = a.statistics;
  return a == b;
}

// An address that moves between two ports faster than the datapath lets it.
struct Flap {
  MacAddress address = {};
  std::uint16_t vlan = 0;
  std::string other_port = {};  // By device.

  auto operator<=>(const Flap&) const = default;
};

// A port as the datapath has it.
struct DatapathPort {
  std::string device = {};  // Whose it is, by Observed::links; empty: nobody's, the device is gone.
  std::string bridge = {};  // One of Observed::bridges; empty: it is in none.
  Port port = {};
  bool attached = false;  // Our filter sits on the device, and it is the program of this version.
  bool promiscuous = false;
  bool delivers_to_peer = false;  // bpf_redirect_peer: for a veth whose other end is in another namespace.
  std::optional<FastTunnel> tunnel = {};
  std::uint16_t mtu_bytes = 0;  // Senders of larger packets to this port are told so. 0: nobody is.
  std::optional<PortGuest> guest = {};
  bool leads_elsewhere = false;  // To other hosts, which answer their own guests.
  std::set<Flap> flaps = {};     // Of this port and another.

  bool operator==(const DatapathPort&) const = default;
};

struct Observed {
  std::map<std::string, Link> links = {};      // By name; those of patch ports by the ports' names.
  std::map<std::string, Bridge> bridges = {};  // By name, as the datapath's maps have them.
  std::map<int, DatapathPort> ports = {};      // By ifindex of the device with the filter (Link::port_ifindex).
  std::map<int, Underlay> underlays = {};      // By ifindex.
  // Of bridges that serve something, by bridge and VLAN. No guest is among the neighbours.
  std::map<std::string, std::map<std::uint16_t, ServedVlan>> served = {};
  bool operator==(const Observed&) const = default;
};

}  // namespace weft::model
