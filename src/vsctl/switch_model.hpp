// Bridges, ports and interfaces as the bridge commands see them (ovs-vsctl(8) "Linux VLAN Bridging Compatibility").
// A fake bridge is a port with fake_bridge and a tag: ports of its parent with that tag count as its own. A bridge's
// local port and interface, which have its name, are not counted among its ports and interfaces.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vsctl/view.hpp"

namespace weft::vsctl {

struct Bridge {
  std::string name;
  Uuid row;                             // In table Bridge; of a fake bridge, its parent's.
  std::string real_name;                // The parent's name, or its own.
  std::int64_t vlan = 0;                // Of a fake bridge.
  std::optional<Uuid> local_port = {};  // Present: a fake bridge, and this is its row in table Port.

  bool is_fake() const { return local_port.has_value(); }
};

struct Port {
  std::string name;
  Uuid row;
  Bridge bridge;
};

struct Interface {
  std::string name;
  Uuid row;
  Port port;
};

// The one row of table Open_vSwitch: every line begins by making sure that there is one.
Result<Uuid> root_row(View& view);

// Each costs a fixed number of round trips, however many ports there are.
Result<std::optional<Bridge>> find_bridge(View& view, std::string_view name);
Result<std::optional<Port>> find_port(View& view, std::string_view name);
Result<std::optional<Interface>> find_interface(View& view, std::string_view name);
// "no bridge named br0"
Result<Bridge> require_bridge(View& view, std::string_view name);
Result<Port> require_port(View& view, std::string_view name);
Result<Interface> require_interface(View& view, std::string_view name);

// These read all ports.
Result<std::vector<Bridge>> all_bridges(View& view);
Result<std::vector<Port>> ports_of(View& view, const Bridge& bridge);
Result<std::vector<Bridge>> fake_bridges_of(View& view, const Bridge& bridge);

Result<std::vector<Uuid>> interfaces_of(View& view, const Uuid& port);
Result<std::string> name_of(View& view, std::string_view table, const Uuid& row);

// An error, beginning with `what`, if a bridge, port or interface has the name.
Result<> check_unused(View& view, std::string_view name, std::string_view what);

}  // namespace weft::vsctl
