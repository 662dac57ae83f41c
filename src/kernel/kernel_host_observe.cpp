// KernelHost: what is there. The kernel's news and our own steps say where to look; looks at everything are for the
// beginning, and for when news were lost.
#include <algorithm>

#include "kernel/kernel_host.hpp"
#include "kernel/routes.hpp"
#include "kernel/system_error.hpp"
#include "kernel/tc_filter.hpp"
#include "kernel/vlan_settings.hpp"
#include "kernel/way_news.hpp"

namespace weft::kernel {

bool KernelHost::hear() {
  const auto taken = news_.take(news_at_a_time, [this](const nlmsghdr* message) { take_news(message); });
  must_look_at_everything_ |= taken.is_lost;
  return taken.count > 0 || taken.is_lost;
}

void KernelHost::take_news(const nlmsghdr* message) {
  links_.take(message);
  tunnels_.take(message);
  are_ways_changed_ |= may_end_fast_path(message);
  const auto filter = parse_filter_news(message);
  if (!filter) return;
  if (fast_path_.underlays().contains(filter->ifindex)) changed_underlays_.insert(filter->ifindex);
  const auto slot = ports_.find_carrier(filter->ifindex);
  if (slot == 0 || (filter->program_id && filter->place != port_filter)) return;
  if (filter->program_id) {
    programs_[filter->ifindex] = *filter->program_id;
    doubtful_filters_.erase(filter->ifindex);
  } else {
    doubtful_filters_.insert(filter->ifindex);
  }
  changed_ports_.insert(static_cast<int>(ports_.port(slot).device));
}

Result<model::Scope> KernelHost::look(Depth depth) {
  for (int i = 0; i < most_hearings_per_look && hear(); ++i) {
  }
  auto changed = look_into(must_look_at_everything_ ? Depth::everything : depth);
  must_look_at_everything_ = !changed;
  return changed;
}

Result<model::Scope> KernelHost::look_into(Depth depth) {
  if (depth != Depth::news) links_.replace(TRY(read_links(netlink_)));
  if (depth == Depth::statistics) doubt_some_filters();
  tunnels_.follow(links_, links_.changed());
  const bool has_tunnels = !tunnels_.empty() || !fast_path_.underlays().empty() || !routed_vxlans_.empty();
  TRY(news_.follow_underlay(has_tunnels));
  if (depth == Depth::statistics) tunnels_.doubt_some();
  if (depth == Depth::everything) {
    tunnels_.doubt_everything();
    for (const auto slot : ports_.ports_in_use()) {
      changed_ports_.insert(static_cast<int>(ports_.port(slot).device));
      doubtful_filters_.insert(static_cast<int>(ports_.port(slot).ifindex));
    }
    for (const auto id : ports_.bridges_in_use()) changed_bridges_.insert(ports_.bridge(id).name);
    changed_underlays_.insert(fast_path_.underlays().begin(), fast_path_.underlays().end());
  }
  TRY(read_doubtful());
  TRY(tunnels_.read_doubtful(netlink_, links_));
  model::Scope changed;
  observe_links(changed);
  observe_ports(changed);
  observe_bridges(changed);
  observe_underlays(changed);
  if (depth != Depth::news) {
    for (const auto& [ifindex, record] : links_.links()) {
      observed_.links.at(record.name).statistics = statistics_of(record);
    }
  }
  return changed;
}

void KernelHost::doubt_some_filters() {
  const auto slots = ports_.ports_in_use();
  auto next = std::ranges::lower_bound(slots, next_filter_check_);
  for (std::size_t i = 0; i < std::min(filters_asked_per_look, slots.size()); ++i) {
    if (next == slots.end()) next = slots.begin();
    doubtful_filters_.insert(static_cast<int>(ports_.port(*next).ifindex));
    changed_ports_.insert(static_cast<int>(ports_.port(*next).device));
    next_filter_check_ = *next++ + 1;
  }
}

Result<> KernelHost::read_doubtful() {
  for (const auto ifindex : links_.take_doubtful()) {
    auto record = read_link(netlink_, ifindex);
    if (!record && record.error().tag != no_such_device) return std::unexpected(record.error());
    record ? links_.put(*std::move(record)) : links_.remove(ifindex);
  }
  for (const auto carrier : std::exchange(doubtful_filters_, {})) {
    programs_[carrier] = attached_program_id(netlink_, carrier, port_filter).value_or(0);
  }
  return {};
}

void KernelHost::observe_links(model::Scope& changed) {
  auto ifindexes = links_.take_changed();
  ifindexes.merge(tunnels_.take_changed());
  if (std::exchange(are_ways_changed_, false)) {
    datapath_.forget_ways();
    ifindexes.insert(routed_vxlans_.begin(), routed_vxlans_.end());
  }
  // Names first: one device may bear what was another's.
  for (const auto ifindex : ifindexes) {
    const auto name = names_.find(ifindex);
    const auto* record = links_.find(ifindex);
    if (name == names_.end() || (record != nullptr && record->name == name->second)) continue;
    changed.devices.insert(name->second);
    observed_.links.erase(name->second);
    names_.erase(name);
  }
  for (const auto ifindex : ifindexes) {
    for (const auto slot : {ports_.find_port(ifindex), ports_.find_carrier(ifindex)}) {
      if (slot != 0) changed_ports_.insert(static_cast<int>(ports_.port(slot).device));
    }
    if (fast_path_.underlays().contains(ifindex)) {
      changed_underlays_.insert(ifindex);
      datapath_.forget_ways();  // Its MTU or its address may be another.
    }
    const auto* record = links_.find(ifindex);
    if (record == nullptr) routed_vxlans_.erase(ifindex);
    if (record == nullptr) continue;
    changed.devices.insert(record->name);
    observed_.links.insert_or_assign(record->name, link_of(*record));
    names_[ifindex] = record->name;
    const bool is_routed = record->link.vxlan && record->link.vxlan->underlay_ifindex == 0;
    is_routed ? void(routed_vxlans_.insert(ifindex)) : void(routed_vxlans_.erase(ifindex));
  }
}

void KernelHost::observe_ports(model::Scope& changed) {
  for (const auto device : std::exchange(changed_ports_, {})) {
    const auto slot = ports_.find_port(device);
    const auto present = observed_.ports.find(device);
    if (slot == 0 && present == observed_.ports.end()) continue;
    changed.ports.insert(device);
    if (present != observed_.ports.end()) changed.devices.insert(present->second.device);
    if (slot == 0) {
      observed_.ports.erase(present);
    } else {
      const auto port = observed_.ports.insert_or_assign(device, port_of(slot)).first;
      changed.devices.insert(port->second.device);
    }
  }
  changed.devices.erase("");  // A device that is gone.
}

void KernelHost::observe_bridges(model::Scope& changed) {
  for (const auto& name : std::exchange(changed_bridges_, {})) {
    changed.bridges.insert(name);
    const auto id = ports_.find_bridge(name);
    if (!id) {
      observed_.bridges.erase(name);
      continue;
    }
    const auto& bridge = ports_.bridge(*id);
    auto& settings = observed_.bridges[name];
    settings = {.ageing_s = bridge.ageing_s, .forward_bpdu = bridge.forward_bpdu != 0};
    if (bridge.has_flood_vlans != 0) settings.flood_vlans = read_vlan_set(datapath_.flood_vlans_fd(), *id);
  }
}

// Of what the device was told to use, or by the routes: those that our filters can sit on, whose packets begin with an
// Ethernet header.
std::set<int> KernelHost::underlays_of(const model::Link& link) {
  std::set<int> candidates;
  const auto& vxlan = *link.vxlan;
  if (vxlan.underlay_ifindex != 0) {
    candidates.insert(vxlan.underlay_ifindex);
  } else if (link.tunnel) {
    for (const auto& [remote, path] : link.tunnel->paths) {
      const auto device = std::ranges::find(links_.links(), path.device, [](const auto& of) { return of.second.name; });
      if (device != links_.links().end()) candidates.insert(device->first);
    }
  } else if (vxlan.remote) {
    const auto route = find_route(netlink_, {.to = *vxlan.remote, .from = vxlan.local});
    if (route && *route) candidates.insert((*route)->ifindex);
  }
  std::erase_if(candidates, [&](int ifindex) {
    const auto* device = links_.find(ifindex);
    return device == nullptr || !device->is_ethernet || device->is_loopback;
  });
  return candidates;
}

void KernelHost::observe_underlays(model::Scope& changed) {
  for (const auto ifindex : std::exchange(changed_underlays_, {})) {
    changed.underlays.insert(ifindex);
    if (!fast_path_.underlays().contains(ifindex)) {
      observed_.underlays.erase(ifindex);
      continue;
    }
    const auto* device = links_.find(ifindex);
    auto& underlay = observed_.underlays[ifindex];
    underlay = {.device = device == nullptr ? std::string() : device->name};
    if (device == nullptr) continue;
    const auto is_current = [&](const FilterPlace& place, Program program) {
      const auto id = attached_program_id(netlink_, ifindex, place).value_or(0);
      return id != 0 && datapath_.is_current_program(program, id);
    };
    underlay.attached = is_current(underlay_ingress_filter, Program::underlay_ingress) &&
                        is_current(underlay_egress_filter, Program::underlay_egress);
  }
}

model::Link KernelHost::link_of(const LinkRecord& record) {
  auto link = record.link;
  link.is_internal_peer = is_internal_peer(record);
  link.made = made_kind(links_.links(), record);
  if (const auto* tunnel = tunnels_.find(record.link.ifindex)) link.tunnel = *tunnel;
  link.statistics = statistics_of(record);
  speeds_.read(record.name, link);
  if (link.vxlan) link.underlays = underlays_of(link);
  return link;
}

model::DatapathPort KernelHost::port_of(Slot slot) const {
  const auto& port = ports_.port(slot);
  const auto* device = links_.find(static_cast<int>(port.device));
  const auto* carrier = links_.find(static_cast<int>(port.ifindex));
  const bool is_limited = (port.vlan.options & WEFT_VLAN_LIMITED) != 0;
  auto vlans = is_limited ? read_vlan_set(datapath_.port_vlans_fd(), slot) : model::VlanSet{};
  model::DatapathPort result{.device = device == nullptr ? std::string() : device->name,
                             .bridge = ports_.bridge(port.bridge).name,
                             .port = {.ofport = port.ofport, .vlan = from_datapath(port.vlan, std::move(vlans))},
                             .delivers_to_peer = (port.flags & WEFT_PORT_TO_PEER) != 0};
  result.tunnel = fast_path_.tunnel_of(slot);
  if (carrier == nullptr) return result;
  result.promiscuous = carrier->is_promiscuous;
  // The switch's end of an internal device serves only while it is up.
  if (port.ifindex != port.device && !carrier->link.admin_up) return result;
  const auto program = programs_.find(static_cast<int>(port.ifindex));
  result.attached = program != programs_.end() && program->second != 0 &&
                    datapath_.is_current_program(Program::port_ingress, program->second);
  return result;
}

Result<std::map<int, model::LinkStatistics>> KernelHost::read_statistics() {
  std::map<int, model::LinkStatistics> statistics;
  const auto links = TRY(read_links(netlink_));
  for (const auto& [ifindex, record] : links) statistics.emplace(ifindex, statistics_of(record));
  return statistics;
}

// What passes by the device, straight to its other end or past a vxlan device, counts too.
model::LinkStatistics KernelHost::statistics_of(const LinkRecord& record) const {
  auto statistics = record.link.statistics;
  const auto slot = ports_.find_port(record.link.ifindex);
  if (slot == 0) return statistics;
  if (const auto past = read_passed(datapath_.passed_fd(), slot)) {
    statistics.rx_packets += past->rx_frames;
    statistics.rx_bytes += past->rx_bytes;
    statistics.tx_packets += past->tx_frames;
    statistics.tx_bytes += past->tx_bytes;
  }
  return statistics;
}

}  // namespace weft::kernel
