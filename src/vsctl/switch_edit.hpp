// Making and deleting bridges, ports and interfaces in a View. Nothing is checked here: the commands do.
#pragma once

#include <span>

#include "vsctl/switch_model.hpp"

namespace weft::vsctl {

Result<> insert_bridge(View& view, const std::string& name);
Result<> insert_fake_bridge(View& view, const std::string& name, const Bridge& parent, std::int64_t vlan);
// With its ports, and of a real bridge its fake bridges and theirs.
Result<> erase_bridge(View& view, const Bridge& bridge);

// On a fake bridge the port goes to the parent, with the VLAN's tag. Returns its row.
Result<Uuid> insert_port(View& view, const Bridge& bridge, const std::string& name,
                         std::span<const std::string> interfaces);
Result<> erase_port(View& view, const Port& port);

Result<Uuid> insert_interface(View& view, const std::string& name);

}  // namespace weft::vsctl
