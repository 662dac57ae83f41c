#include "kernel/tunnel_book.hpp"

#include <linux/rtnetlink.h>

#include "kernel/local_address.hpp"
#include "kernel/system_error.hpp"
#include "kernel/vxlan_device.hpp"
#include "kernel/vxlan_fdb.hpp"
#include "kernel/way_news.hpp"

namespace weft::kernel {
namespace {

void hear(model::TunnelState& state, const IpAddress& remote) {
  if (state.heard.size() < model::most_remotes) state.heard.insert(remote);
}

// Asks for each way once, however many tunnels take it.
class WayFinder {
 public:
  WayFinder(NetlinkSocket& socket, const LinkBook& links) : socket_(socket), links_(links) {}

  Result<std::optional<model::UnderlayPath>> find(const RouteQuery& query) {
    const auto known = routes_.find(query);
    const auto route = known == routes_.end() ? TRY(find_route(socket_, query)) : known->second;
    if (known == routes_.end()) routes_.emplace(query, route);
    const auto* record = route ? links_.find(route->ifindex) : nullptr;
    if (record == nullptr) return std::nullopt;
    return model::UnderlayPath{.device = record->name,
                               .mtu_bytes = route->mtu_bytes != 0 ? std::min(route->mtu_bytes, record->link.mtu_bytes)
                                                                  : record->link.mtu_bytes,
                               .is_up = record->link.admin_up && record->link.carrier,
                               .has_source = query.from || route->source};
  }

 private:
  NetlinkSocket& socket_;
  const LinkBook& links_;
  std::map<RouteQuery, std::optional<Route>> routes_;
};

}  // namespace

const model::TunnelState* TunnelBook::find(int ifindex) const {
  const auto found = tunnels_.find(ifindex);
  return found == tunnels_.end() ? nullptr : &found->second.state;
}

void TunnelBook::take(const nlmsghdr* message) {
  if (tunnels_.empty()) return;
  if (is_about_ways(message)) {
    are_ways_doubtful_ = true;
  } else {
    take_entry(message);
  }
}

void TunnelBook::take_entry(const nlmsghdr* message) {
  const auto entry = parse_vxlan_fdb(message);
  const auto found = entry ? tunnels_.find(entry->ifindex) : tunnels_.end();
  if (found == tunnels_.end()) return;
  auto& tunnel = found->second;
  const bool is_gone = message->nlmsg_type == RTM_DELNEIGH;
  if (!entry->mac.is_zero()) {
    if (!entry->is_learned) return;
    if (is_gone) {
      tunnel.lost_some = true;
    } else if (!tunnel.state.heard.contains(entry->remote)) {
      hear(tunnel.state, entry->remote);
      changed_.insert(entry->ifindex);
    }
    return;
  }
  if (entry->has_other_header || entry->underlay_ifindex != tunnel.underlay_ifindex) return;
  if (is_gone) {
    tunnel.state.remotes.erase(entry->remote);
  } else {
    tunnel.state.remotes.insert(entry->remote);
  }
  changed_.insert(entry->ifindex);
  are_ways_doubtful_ = true;
}

void TunnelBook::follow(const LinkBook& links, const std::set<int>& changed) {
  for (const auto ifindex : changed) {
    const auto* record = links.find(ifindex);
    if (record != nullptr && is_made_vxlan(*record) && record->link.vxlan) {
      tunnels_[ifindex].underlay_ifindex = record->link.vxlan->underlay_ifindex;
    } else {
      tunnels_.erase(ifindex);
    }
  }
  if (!changed.empty() && !tunnels_.empty()) are_ways_doubtful_ = true;
}

void TunnelBook::doubt_everything() {
  for (auto& [ifindex, tunnel] : tunnels_) tunnel.is_table_doubtful = true;
  are_ways_doubtful_ = true;
}

void TunnelBook::doubt_some() {
  are_ways_doubtful_ = !tunnels_.empty();
  for (auto& [ifindex, tunnel] : tunnels_) {
    if (tunnel.lost_some || ++tunnel.looks >= looks_per_table) tunnel.is_table_doubtful = true;
  }
}

Result<> TunnelBook::read_doubtful(NetlinkSocket& socket, const LinkBook& links) {
  for (auto& [ifindex, tunnel] : tunnels_) {
    if (tunnel.is_table_doubtful) TRY(read_table(socket, ifindex, tunnel));
  }
  if (!std::exchange(are_ways_doubtful_, false) || tunnels_.empty()) return {};
  return read_ways(socket, links);
}

Result<> TunnelBook::read_table(NetlinkSocket& socket, int ifindex, Tunnel& tunnel) {
  model::TunnelState now = tunnel.state;
  now.remotes.clear();
  now.heard.clear();
  const auto read = read_vxlan_fdb(socket, ifindex, [&](const VxlanFdbEntry& entry) {
    if (!entry.mac.is_zero()) {
      if (entry.is_learned) hear(now, entry.remote);
    } else if (!entry.has_other_header && entry.underlay_ifindex == tunnel.underlay_ifindex) {
      now.remotes.insert(entry.remote);
    }
  });
  if (!read && read.error().tag != no_such_device) return read;
  tunnel.is_table_doubtful = tunnel.lost_some = false;
  tunnel.looks = 0;
  if (now == tunnel.state) return {};
  tunnel.state = std::move(now);
  changed_.insert(ifindex);
  are_ways_doubtful_ = true;
  return {};
}

Result<> TunnelBook::read_ways(NetlinkSocket& socket, const LinkBook& links) {
  WayFinder finder(socket, links);
  for (auto& [ifindex, tunnel] : tunnels_) {
    const auto* record = links.find(ifindex);
    if (record == nullptr || !record->link.vxlan) continue;
    const auto& local = record->link.vxlan->local;
    const bool has_local = !local || is_local_address(*local);
    std::map<IpAddress, model::UnderlayPath> paths;
    for (const auto& remote : tunnel.state.remotes) {
      // With an address that is not ours the kernel knows no way at all, which would hide the ways that there are.
      const RouteQuery query{
          .to = remote, .from = has_local ? local : std::nullopt, .ifindex = tunnel.underlay_ifindex};
      if (auto path = TRY(finder.find(query))) paths.emplace(remote, *std::move(path));
    }
    auto& state = tunnel.state;
    if (state.has_local == has_local && state.paths == paths) continue;
    state.has_local = has_local;
    state.paths = std::move(paths);
    changed_.insert(ifindex);
  }
  return {};
}

}  // namespace weft::kernel
