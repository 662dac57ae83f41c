// The kernel's own forwarding tables of vxlan devices (RTM_GETNEIGH of family AF_BRIDGE; bridge(8), "fdb"): behind
// which remote an inner address is, and, under the all-zero address, who gets what is for unknown ones.
#pragma once

#include <linux/netlink.h>

#include <functional>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "kernel/links.hpp"
#include "kernel/netlink_socket.hpp"
#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"

namespace weft::kernel {

struct VxlanFdbEntry {
  int ifindex = 0;
  MacAddress mac = {};  // Zero: of all that have no entry.
  IpAddress remote = {};
  int underlay_ifindex = 0;
  bool is_learned = false;        // And ages. Else somebody put it there.
  bool has_other_header = false;  // A VNI or port that is not the device's.

  bool operator==(const VxlanFdbEntry&) const = default;
};

// Of a message that tells one (RTM_NEWNEIGH, RTM_DELNEIGH). None: it is about something else.
std::optional<VxlanFdbEntry> parse_vxlan_fdb(const nlmsghdr* message);
Result<> read_vxlan_fdb(NetlinkSocket& socket, int ifindex, const std::function<void(const VxlanFdbEntry&)>& take);

// Under the all-zero address. Both succeed where it is so already.
Result<> add_flood_remote(NetlinkSocket& socket, const LinkRecord& record, const IpAddress& remote);
Result<> remove_flood_remote(NetlinkSocket& socket, const LinkRecord& record, const IpAddress& remote);
// Leaves out entries that are not as we would make them.
Result<std::set<IpAddress>> read_flood_remotes(NetlinkSocket& socket, const LinkRecord& record);

}  // namespace weft::kernel
