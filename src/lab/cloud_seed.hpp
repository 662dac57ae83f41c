// What cloud-init is told where nobody answers at 169.254.169.254: its NoCloud data source, a disk named "cidata" with
// files. Pure.
#pragma once

#include <string>

#include "lab/command.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

// Whether a machine is told so: its network has no metadata, or its address is not given by DHCP.
bool needs_seed(const topology::VirtualMachine& machine, const topology::Network& network);

std::string seed_meta_data(const topology::VirtualMachine& machine);
std::string seed_network(const topology::VirtualMachine& machine, const topology::Network& network);

// Writes the disk to `path`; its files go into `folder`.
Commands seed_commands(const topology::VirtualMachine& machine, const topology::Network& network,
                       const std::string& folder, const std::string& path);

}  // namespace weft::lab
