// What rtnetlink tells of a vxlan device (IFLA_INFO_DATA of kind "vxlan"; ip-link(8), "VXLAN Type Support").
#pragma once

#include <libmnl/libmnl.h>

#include "model/vxlan.hpp"

namespace weft::kernel {

// Attributes that a kernel does not know yet are as if unset.
model::VxlanLink parse_vxlan(const nlattr* info_data);

// For a new device; the first of its remotes.
void put_vxlan(nlmsghdr* message, const model::VxlanDevice& settings, int underlay_ifindex);
// Of what can be changed in place, what stays as it is too.
void put_vxlan_change(nlmsghdr* message, const model::VxlanDevice& settings, const model::VxlanLink& present);

}  // namespace weft::kernel
