#include "kernel/link_book.hpp"

#include <linux/rtnetlink.h>

namespace weft::kernel {
namespace {

bool is_same(const LinkRecord& a, LinkRecord b) {
  b.link.statistics = a.link.statistics;
  return a == b;
}

}  // namespace

const LinkRecord* LinkBook::find(int ifindex) const {
  const auto found = links_.find(ifindex);
  return found == links_.end() ? nullptr : &found->second;
}

void LinkBook::take(const nlmsghdr* message) {
  auto record = parse_link_news(message);
  if (!record) return;
  if (message->nlmsg_type == RTM_DELLINK) {
    remove(record->link.ifindex);
  } else if (message->nlmsg_type == RTM_NEWLINK) {
    put(*std::move(record));
  }
}

void LinkBook::put(LinkRecord record) {
  const auto ifindex = record.link.ifindex;
  auto& present = links_[ifindex];
  if (!is_same(present, record)) {
    changed_.insert({ifindex, present.other_ifindex, record.other_ifindex});
    if (present.other_ifindex != record.other_ifindex) doubt_other_end(present);
  }
  present = std::move(record);
  doubt_other_end(present);
}

void LinkBook::remove(int ifindex) {
  const auto found = links_.find(ifindex);
  if (found == links_.end()) return;
  const auto record = std::move(found->second);
  links_.erase(found);
  changed_.insert({ifindex, record.other_ifindex});
  doubt_other_end(record);
}

void LinkBook::replace(Links links) {
  std::set<int> gone;
  for (const auto& [ifindex, record] : links_) {
    if (!links.contains(ifindex)) gone.insert(ifindex);
  }
  for (const auto ifindex : gone) remove(ifindex);
  for (auto& [ifindex, record] : links) put(std::move(record));
  doubtful_.clear();  // All were read just now.
}

// Where the two ends of a pair don't say the same, the kernel has told of one of them only.
void LinkBook::doubt_other_end(const LinkRecord& record) {
  if (record.link.kind != "veth" || record.other_ifindex == 0) return;
  const auto* other = find(record.other_ifindex);
  const auto* present = find(record.link.ifindex);
  const bool points_back = other != nullptr && other->other_ifindex == record.link.ifindex;
  const bool points_there = present != nullptr && present->other_ifindex == record.other_ifindex;
  if (other != nullptr && points_back != points_there) doubtful_.insert(record.other_ifindex);
}

}  // namespace weft::kernel
