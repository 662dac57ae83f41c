// From the configuration to what the switch should be: the rules of ovs-vswitchd.conf.db(5), as far as Weft has them.
// Pure. Whatever is wrong about one interface is said in that interface's error and breaks nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/desired.hpp"
#include "reconcile/configuration.hpp"

namespace weft::reconcile {

// The row that a patch port names as its peer.
struct PatchPeer {
  std::string type = {};
  std::optional<std::string> patch_peer = {};
  std::optional<std::string> bridge = {};  // None: it is in none.
};

// Where an interface is in the configuration.
struct Place {
  BridgeConfig bridge = {};
  PortConfig port = {};
  std::optional<std::string> other_bridge = {};  // A second one that wants it, too.
  bool has_name_of_bridge = false;               // Some bridge has the interface's name.
  std::optional<PatchPeer> patch_peer = {};      // Of a patch port; none: there is no such row.
  std::uint16_t ofport = 0;                      // Given by Ofports; the bridge's own port needs none.
};

// What becomes of one row of table Interface.
struct WantedInterface {
  Uuid uuid = {};
  Uuid port = {};  // The row of table Port that it belongs to.
  std::string device = {};
  std::string bridge = {};
  bool is_port = false;                      // It is one of Desired::devices, as a port.
  std::optional<model::MadeKind> made = {};  // What Weft makes as its device. None: it exists without us.
  std::uint16_t ofport = 0;                  // Of a port; kept for it while its device is away.
  // A patch port that waits for its other end has its number all the same: nobody can make two ports at once.
  bool keeps_ofport = false;
  std::string error = {};  // What is wrong with the configuration; empty: nothing.

  bool operator==(const WantedInterface&) const = default;
};
struct WantedDevice {
  WantedInterface interface = {};
  std::optional<model::Device> device = {};
  std::optional<model::Guest> guest = {};  // None: nothing is said of who is behind it.
};
WantedDevice wanted_device(const InterfaceConfig& interface, const Place& place);

// What becomes of one row of table Bridge; an impossible name is said in the errors of the bridge's interfaces.
struct WantedBridge {
  Uuid uuid = {};
  std::optional<std::string> datapath_id = {};  // 16 hex digits. None: made from the bridge's own address.
  model::Bridge settings = {};
  std::string services_error = {};  // What is wrong with what the bridge is to serve; empty: nothing.

  bool operator==(const WantedBridge&) const = default;
};
std::optional<WantedBridge> wanted_bridge(const BridgeConfig& bridge);
// A bridge has its own port even if no row of table Port says so.
model::Device own_device_without_row(const BridgeConfig& bridge);

}  // namespace weft::reconcile
