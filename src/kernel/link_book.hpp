// The network devices of our namespace, kept up to date by what the kernel tells of single ones.
#pragma once

#include <linux/netlink.h>

#include <set>

#include "kernel/links.hpp"

namespace weft::kernel {

class LinkBook {
 public:
  const Links& links() const { return links_; }
  const LinkRecord* find(int ifindex) const;

  // One message of type RTM_NEWLINK or RTM_DELLINK; others, and those about a part of a device only, are passed over.
  void take(const nlmsghdr* message);
  void put(LinkRecord record);
  void remove(int ifindex);
  // What a look at all of them found.
  void replace(Links links);

  // Since the last call: by ifindex, devices that came, went or changed, counters aside, and the other ends of such.
  std::set<int> take_changed() { return std::exchange(changed_, {}); }
  // What take_changed() will return.
  const std::set<int>& changed() const { return changed_; }
  // The same: veth devices that must be read again, as their other end came or went. The kernel does not tell that of
  // them.
  std::set<int> take_doubtful() { return std::exchange(doubtful_, {}); }

 private:
  void doubt_other_end(const LinkRecord& record);

  Links links_;
  std::set<int> changed_, doubtful_;
};

}  // namespace weft::kernel
