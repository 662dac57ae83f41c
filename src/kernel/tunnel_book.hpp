// What the kernel has of the vxlan devices that Weft made beyond the devices themselves: the remotes they send to,
// those they heard, and the ways there. Kept up to date by what the kernel tells; costs nothing where there is no such
// device.
#pragma once

#include <linux/netlink.h>

#include <map>
#include <set>

#include "kernel/link_book.hpp"
#include "kernel/netlink_socket.hpp"
#include "kernel/routes.hpp"
#include "model/vxlan.hpp"

namespace weft::kernel {

// Looks of depth `statistics` between two that read the table of a tunnel whose remotes may have gone in silence: an
// address that moves from one to the other is told as an arrival only.
inline constexpr int looks_per_table = 60;

class TunnelBook {
 public:
  bool empty() const { return tunnels_.empty(); }
  const model::TunnelState* find(int ifindex) const;

  // One message about entries of such devices, or about addresses, routes and rules of the host; others are passed
  // over.
  void take(const nlmsghdr* message);
  // `changed`: by ifindex, devices that came, went or changed.
  void follow(const LinkBook& links, const std::set<int>& changed);
  void doubt_everything();
  // At each look of depth `statistics`: what the kernel may not have told.
  void doubt_some();
  Result<> read_doubtful(NetlinkSocket& socket, const LinkBook& links);

  // Since the last call, by ifindex.
  std::set<int> take_changed() { return std::exchange(changed_, {}); }

 private:
  struct Tunnel {
    model::TunnelState state = {};
    int underlay_ifindex = 0;
    bool is_table_doubtful = true;
    bool lost_some = false;  // An address behind a remote was forgotten.
    int looks = 0;           // Since its table was read.
  };
  void take_entry(const nlmsghdr* message);
  Result<> read_table(NetlinkSocket& socket, int ifindex, Tunnel& tunnel);
  Result<> read_ways(NetlinkSocket& socket, const LinkBook& links);

  std::map<int, Tunnel> tunnels_;  // By ifindex.
  std::set<int> changed_;
  bool are_ways_doubtful_ = false;
};

}  // namespace weft::kernel
