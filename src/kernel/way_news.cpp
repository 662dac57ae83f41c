#include "kernel/way_news.hpp"

#include <linux/rtnetlink.h>

#include "kernel/vxlan_fdb.hpp"

namespace weft::kernel {

bool is_about_ways(const nlmsghdr* message) {
  switch (message->nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_DELADDR:
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
    case RTM_NEWRULE:
    case RTM_DELRULE:
      return true;
    default:
      return false;
  }
}

bool may_end_fast_path(const nlmsghdr* message) {
  if (is_about_ways(message)) return true;
  const auto entry = parse_vxlan_fdb(message);
  return entry && (message->nlmsg_type == RTM_DELNEIGH || !entry->is_learned);
}

}  // namespace weft::kernel
