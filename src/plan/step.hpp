// The steps that bring the kernel to what is desired. Each is a plain value; only kernel/ carries them out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace weft::plan {

// `ifindex`: the port's key in Observed::ports. Take our filter off the device (which may be gone), forget the port and
// every address learned behind it.
struct DetachPort {
  int ifindex = 0;
  std::string device;
  bool operator==(const DetachPort&) const = default;
};
// Forget the bridge, which has no ports left, and its addresses.
struct DeleteBridge {
  std::string bridge;
  bool operator==(const DeleteBridge&) const = default;
};
// Delete a device that CreateDevice made; of a patch port, both ends.
struct DeleteDevice {
  std::string device;
  bool operator==(const DeleteDevice&) const = default;
};
// Make a device, which is down.
// An internal one has a peer for the switch, which is up. Its settings have the MTU; a MAC address in `mac` where one
// is wanted; the rest of them is for later steps. A vxlan one is made with all of its settings. A patch port's comes
// with that of its peer: there is no step for the other one.
struct CreateDevice {
  std::string device;
  model::MadeDevice settings;
  bool operator==(const CreateDevice&) const = default;
};
// Change a vxlan device in place: all but what is for SetRemotes, and what must_be_remade() knows cannot be changed.
struct SetVxlan {
  std::string device;
  model::VxlanDevice settings;
  bool operator==(const SetVxlan&) const = default;
};
// Who gets what a vxlan device sends to unknown addresses: these, and nobody else.
struct SetRemotes {
  std::string device;
  std::set<IpAddress> remotes;
  bool operator==(const SetRemotes&) const = default;
};
struct CreateBridge {
  std::string bridge;
  model::Bridge settings;
  bool operator==(const CreateBridge&) const = default;
};
struct SetBridge {
  std::string bridge;
  model::Bridge settings;
  bool operator==(const SetBridge&) const = default;
};
// What the bridge, which is there, serves to its ports; in the place of what it did.
struct SetServed {
  std::string bridge;
  std::map<std::uint16_t, model::ServedVlan> served;  // By VLAN.
  bool operator==(const SetServed&) const = default;
};
// Enter the port in the maps, then put our filter on the device (on the peer, for an internal one).
struct AttachPort {
  std::string device;
  std::string bridge;
  model::Port port;
  bool deliver_to_peer = false;
  std::optional<model::FastTunnel> tunnel = {};
  std::uint16_t mtu_bytes = 0;  // As DatapathPort.
  std::optional<model::PortGuest> guest = {};
  bool leads_elsewhere = false;
  bool operator==(const AttachPort&) const = default;
};
// Change an attached port in place; no packet is lost. Also repairs a missing or outdated filter, or promiscuity.
struct SetPort {
  std::string device;
  std::string bridge;
  model::Port port;
  bool deliver_to_peer = false;
  std::optional<model::FastTunnel> tunnel = {};
  std::uint16_t mtu_bytes = 0;
  std::optional<model::PortGuest> guest = {};
  bool leads_elsewhere = false;
  bool operator==(const SetPort&) const = default;
};
// Put our filters on a device that tunnels' packets come and go by, or on it again.
struct AttachUnderlay {
  int ifindex = 0;
  std::string device;
  bool operator==(const AttachUnderlay&) const = default;
};
// Take them off the device (which may be gone).
struct DetachUnderlay {
  int ifindex = 0;
  std::string device;
  bool operator==(const DetachUnderlay&) const = default;
};
struct SetMtu {
  std::string device;
  std::uint32_t mtu_bytes = 0;
  bool operator==(const SetMtu&) const = default;
};
struct SetMac {
  std::string device;
  MacAddress mac;
  bool operator==(const SetMac&) const = default;
};
// ip link set DEVICE up|down; only of devices that Weft made.
struct SetAdminState {
  std::string device;
  bool up = false;
  bool operator==(const SetAdminState&) const = default;
};

using Step =
    std::variant<DetachPort, DeleteBridge, DeleteDevice, CreateDevice, SetVxlan, SetRemotes, CreateBridge, SetBridge,
                 SetServed, AttachPort, SetPort, SetMtu, SetMac, SetAdminState, AttachUnderlay, DetachUnderlay>;
using Steps = std::vector<Step>;

// One line for people: "attach veth0 to lu-br0 (access VLAN 10)".
std::string explain(const Step& step);
// The device or bridge that the step is about, to whom its error belongs.
const std::string& subject_of(const Step& step);

}  // namespace weft::plan
