// The section `networks`: bridges, the tunnels that carry them, and what endpoints are told.
#pragma once

#include <vector>

#include "topology/complaints.hpp"
#include "topology/topology.hpp"
#include "topology/yaml_tree.hpp"

namespace weft::topology {

std::vector<Network> read_networks(const YamlNode& file, const std::vector<Host>& hosts, Complaints& complaints);

}  // namespace weft::topology
