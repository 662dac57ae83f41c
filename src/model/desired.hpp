// What the switch should be: plain values, made from the database by reconcile/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "model/services.hpp"
#include "model/vxlan.hpp"
#include "wire/mac_address.hpp"

namespace weft::model {

using VlanSet = std::set<std::uint16_t>;  // 0 to 4095; VLAN 0 is that of frames without a tag.

// How a port treats 802.1Q tags (ovs-vswitchd.conf.db(5), Port "vlan_mode").
struct PortVlan {
  enum class Mode : std::uint8_t { trunk, access, native_tagged, native_untagged, tunnel };
  enum class PriorityTags : std::uint8_t { never, if_nonzero, always };
  Mode mode = Mode::trunk;
  std::uint16_t tag = 0;  // The VLAN of frames without a tag, 0 to 4095; 0 for a trunk.
  VlanSet vlans = {};     // Which a trunk or native port carries, or of which customers a tunnel; empty: all.
  PriorityTags priority_tags = PriorityTags::never;
  bool service_is_8021q = false;  // Of a tunnel: its VLAN's tag has the type 0x8100 instead of 0x88a8.

  bool operator==(const PortVlan&) const = default;
};

// Frames of the VLAN (0: without a tag) pass the port.
inline bool carries(const PortVlan& port, std::uint16_t vlan) {
  using Mode = PortVlan::Mode;
  if (port.mode == Mode::access || port.mode == Mode::tunnel) return vlan == port.tag;
  const bool is_native = port.mode != Mode::trunk && vlan == port.tag;
  return is_native || port.vlans.empty() || port.vlans.contains(vlan);
}

// A network device's part in its bridge.
struct Port {
  std::uint16_t ofport = 0;  // 1 to 65279; 65534 for the bridge's own port.
  PortVlan vlan = {};
  bool has_strict_remotes = false;  // A tunnel that takes frames of configured remotes only (VxlanDevice).

  bool operator==(const Port&) const = default;
};

// An Ethernet device for the host's own stack, which works without the daemon: the bridge's own port, of the bridge's
// name, and further ports of type "internal".
struct InternalDevice {
  std::optional<MacAddress> mac = {};            // None: as it was made, then the operator's to set.
  std::optional<MacAddress> mac_when_made = {};  // Where `mac` says nothing. None: any.
  std::optional<std::uint32_t> mtu_bytes = {};   // None: the least of the bridge's other ports.
  std::optional<bool> admin_up = {};             // None: made down, then the operator's to set.

  bool operator==(const InternalDevice&) const = default;
};

// One end of a wire between two ports, each of which names the other (type "patch").
struct PatchDevice {
  std::string peer = {};

  bool operator==(const PatchDevice&) const = default;
};

// A device that Weft makes, and deletes when nobody wants it any more.
using MadeDevice = std::variant<InternalDevice, VxlanDevice, PatchDevice>;
enum class MadeKind : std::uint8_t { internal, vxlan, patch };  // In the order of MadeDevice.
inline MadeKind kind_of(const MadeDevice& device) { return static_cast<MadeKind>(device.index()); }

// A network device that belongs to a bridge.
struct Device {
  std::string bridge = {};
  std::optional<Port> port = {};                          // None: it is there, and forwards nothing.
  std::optional<MadeDevice> made = {};                    // None: a device that exists without us.
  std::optional<std::uint32_t> requested_mtu_bytes = {};  // Of one that is not internal.
  bool may_go_fast = true;  // Of a tunnel: its frames may go past the kernel's vxlan device.

  InternalDevice* internal() { return made ? std::get_if<InternalDevice>(&*made) : nullptr; }
  const InternalDevice* internal() const { return made ? std::get_if<InternalDevice>(&*made) : nullptr; }
  VxlanDevice* vxlan() { return made ? std::get_if<VxlanDevice>(&*made) : nullptr; }
  const VxlanDevice* vxlan() const { return made ? std::get_if<VxlanDevice>(&*made) : nullptr; }
  const PatchDevice* patch() const { return made ? std::get_if<PatchDevice>(&*made) : nullptr; }
  bool operator==(const Device&) const = default;
};

struct Bridge {
  std::uint32_t ageing_s = 300;        // An address not seen for so long is forgotten.
  bool forward_bpdu = false;           // Forward 01:80:c2:00:00:00 to 0f instead of dropping them.
  std::uint32_t max_addresses = 8192;  // Learned and static: a new one takes the place of another.
  VlanSet flood_vlans = {};            // Nothing is learned there, and every frame flooded.

  bool operator==(const Bridge&) const = default;
};

struct Desired {
  std::map<std::string, Bridge> bridges = {};  // By name, 1 to 15 bytes.
  // By name; the bridges' own are among them. The names of patch ports are those of their rows, and may be longer than
  // what the kernel calls a name.
  std::map<std::string, Device> devices = {};
  // What the bridges serve to their ports, by bridge and VLAN (0: frames without a tag), and who is known to be behind
  // a port, by device. Neither needs the other.
  std::map<std::string, std::map<std::uint16_t, ServedNetwork>> networks = {};
  std::map<std::string, Guest> guests = {};

  bool operator==(const Desired&) const = default;
};

inline constexpr std::uint16_t local_ofport = 65534;

}  // namespace weft::model
