// What of the kernel's news may change by which way packets leave the host, or to whom a vxlan device sends.
#pragma once

#include <linux/netlink.h>

namespace weft::kernel {

// An address, a route or a rule of the host has come, gone or changed.
bool is_about_ways(const nlmsghdr* message);
// That, or somebody put or took away an entry of a vxlan device's forwarding table, or it has aged.
bool may_end_fast_path(const nlmsghdr* message);

}  // namespace weft::kernel
