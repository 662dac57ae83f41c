// The kernel's vxlan devices that Weft makes for tunnel ports (ip-link(8), "VXLAN Type Support"): known by their device
// group.
#pragma once

#include "kernel/links.hpp"
#include "kernel/netlink_socket.hpp"
#include "model/desired.hpp"

namespace weft::kernel {

bool is_made_vxlan(const LinkRecord& record);

// Made down, with the first of its remotes. For a group without an underlay device, that of the route to it is taken.
Result<> create_vxlan(NetlinkSocket& socket, const std::string& device, const model::VxlanDevice& settings);
Result<> delete_vxlan(NetlinkSocket& socket, const LinkRecord& record);

}  // namespace weft::kernel
