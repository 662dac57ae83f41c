// The kernel's vxlan devices that Weft makes for tunnel ports (ip-link(8), "VXLAN Type Support"): known by their device
// group.
#pragma once

#include "kernel/links.hpp"
#include "kernel/netlink_socket.hpp"
#include "model/desired.hpp"

namespace weft::kernel {

bool is_made_vxlan(const LinkRecord& record);

// Made down. For a group without an underlay device, that of the route to it is taken.
Result<> create_vxlan(NetlinkSocket& socket, const std::string& device, const model::VxlanDevice& settings);
// Changes all but the remotes, as far as the kernel can in place.
Result<> set_vxlan(NetlinkSocket& socket, const LinkRecord& record, const model::VxlanDevice& settings);
// Who gets what is for unknown addresses.
Result<> set_remotes(NetlinkSocket& socket, const LinkRecord& record, const std::set<IpAddress>& remotes);
Result<> delete_vxlan(NetlinkSocket& socket, const LinkRecord& record);

}  // namespace weft::kernel
