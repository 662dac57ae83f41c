// What the datapath holds of a tunnel: the way past the kernel's vxlan device that its frames may take, and whom it
// listens to.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "wire/ip_address.hpp"

namespace weft::model {

struct FastTunnel {
  std::uint32_t vni = 0;
  std::uint16_t dst_port = 0;
  bool is_ipv6 = false;
  std::uint16_t source_port_low = 0;  // As VxlanLink.
  std::uint16_t source_port_high = 0;
  bool kernel_sends = false;  // What it sends takes the kernel's way; what it receives need not.
  bool may_go_fast = true;    // Where not, it is known for its remotes only.
  std::optional<std::set<IpAddress>> only_remotes = {};  // Frames of others are refused; none: there are no others.
  std::uint32_t ageing_s = 0;  // How long the kernel remembers who is behind which remote end; 0: always.

  // Which frames are the tunnel's.
  friend bool is_same_tunnel(const FastTunnel& a, const FastTunnel& b) {
    return a.vni == b.vni && a.dst_port == b.dst_port && a.is_ipv6 == b.is_ipv6;
  }
  bool operator==(const FastTunnel&) const = default;
};

// A device that tunnels' packets come and go by, with our filters on it.
struct Underlay {
  std::string device = {};  // Who bears its ifindex; empty: nobody, the device is gone.
  bool attached = false;    // All our filters are there, with the programs of this version.

  bool operator==(const Underlay&) const = default;
};

}  // namespace weft::model
