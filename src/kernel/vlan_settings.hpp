// VLAN settings of ports and bridges as the datapath has them (bpf/abi.h): a word in the port, and sets of VLANs in
// maps of their own, for those that need one.
#pragma once

#include "base/error.hpp"
#include "bpf/abi.h"
#include "model/desired.hpp"

namespace weft::kernel {

weft_port_vlan to_datapath(const model::PortVlan& vlan);
// `vlans`: what the map has for the port; not looked at where it has all.
model::PortVlan from_datapath(const weft_port_vlan& vlan, model::VlanSet vlans);

// `key`: a port's slot, or a bridge's id. An empty set takes no room.
Result<> write_vlan_set(int map_fd, std::uint32_t key, const model::VlanSet& vlans);
model::VlanSet read_vlan_set(int map_fd, std::uint32_t key);

}  // namespace weft::kernel
