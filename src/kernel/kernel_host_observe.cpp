// KernelHost: what is there. The kernel's news and our own steps say where to look; looks at everything are for the
// beginning, and for when news were lost.
#include <algorithm>

#include "kernel/kernel_host.hpp"
#include "kernel/patch_device.hpp"
#include "kernel/routes.hpp"
#include "kernel/system_error.hpp"
#include "kernel/tc_filter.hpp"
#include "kernel/vlan_settings.hpp"
#include "kernel/way_news.hpp"

namespace weft::kernel {
namespace {

// What one end of a pair sends the other receives.
model::LinkStatistics of_other_end(const model::LinkStatistics& of) {
  return {.rx_packets = of.tx_packets,
          .rx_bytes = of.tx_bytes,
          .rx_dropped = of.tx_dropped,
          .rx_errors = of.tx_errors,
          .tx_packets = of.rx_packets,
          .tx_bytes = of.rx_bytes,
          .tx_dropped = of.rx_dropped,
          .tx_errors = of.rx_errors};
}

}  // namespace

bool KernelHost::hear() {
  const auto taken = news_.take(news_at_a_time, [this](const nlmsghdr* message) { take_news(message); });
  must_look_at_everything_ |= taken.is_lost;
  return taken.count > 0 || taken.is_lost;
}

void KernelHost::take_news(const nlmsghdr* message) {
  links_.take(message);
  tunnels_.take(message);
  is_fast_path_doubtful_ |= may_end_fast_path(message);
  are_ways_changed_ |= is_about_ways(message);
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
  changed_ports_.insert(filter->ifindex);
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
  const bool has_tunnels = !tunnels_.empty() || !fast_path_.underlays().empty() || !vxlans_.empty();
  TRY(news_.follow_underlay(has_tunnels));
  if (depth == Depth::statistics) tunnels_.doubt_some();
  if (depth == Depth::everything) {
    tunnels_.doubt_everything();
    for (const auto slot : ports_.ports_in_use()) {
      changed_ports_.insert(static_cast<int>(ports_.port(slot).ifindex));
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
  if (depth != Depth::news) refresh_statistics(changed);
  return changed;
}

void KernelHost::doubt_some_filters() {
  const auto slots = ports_.ports_in_use();
  auto next = std::ranges::lower_bound(slots, next_filter_check_);
  for (std::size_t i = 0; i < std::min(filters_asked_per_look, slots.size()); ++i) {
    if (next == slots.end()) next = slots.begin();
    doubtful_filters_.insert(static_cast<int>(ports_.port(*next).ifindex));
    changed_ports_.insert(static_cast<int>(ports_.port(*next).ifindex));
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

void KernelHost::forget_names(int ifindex, std::set<std::string>& names) {
  const auto borne = names_.extract(ifindex);
  for (const auto& name : borne.mapped()) {
    for (auto* bearers : {&here_, &aliased_}) {
      const auto bearer = bearers->find(name);
      if (bearer != bearers->end() && bearer->second == ifindex) bearers->erase(bearer);
    }
    names.insert(name);
  }
}

void KernelHost::learn_names(const LinkRecord& record, std::set<std::string>& names) {
  const auto ifindex = record.link.ifindex;
  const auto bear = [&](const std::string& name, std::map<std::string, int>& bearers) {
    bearers.insert_or_assign(name, ifindex);
    names_[ifindex].insert(name);
    names.insert(name);
  };
  if (is_patch_end(record)) return bear(patch_port(record), aliased_);
  bear(record.name, here_);
  if (const auto away = away_internal(record); !away.empty()) bear(away, aliased_);
}

void KernelHost::observe_links(model::Scope& changed) {
  auto ifindexes = links_.take_changed();
  ifindexes.merge(tunnels_.take_changed());
  if (std::exchange(is_fast_path_doubtful_, false)) datapath_.forget_ways();
  if (std::exchange(are_ways_changed_, false)) ifindexes.insert(vxlans_.begin(), vxlans_.end());
  look_again_at_vxlans_over(ifindexes);
  std::set<std::string> names;  // Which may mean something else now.
  // All forgotten first: one device may bear what was another's.
  for (const auto ifindex : ifindexes) {
    if (names_.contains(ifindex)) forget_names(ifindex, names);
  }
  for (const auto ifindex : ifindexes) {
    for (const auto slot : {ports_.find_port(ifindex), ports_.find_carrier(ifindex)}) {
      if (slot != 0) changed_ports_.insert(static_cast<int>(ports_.port(slot).ifindex));
    }
    if (fast_path_.underlays().contains(ifindex)) {
      changed_underlays_.insert(ifindex);
      datapath_.forget_ways();  // Its MTU or its address may be another.
    }
    const auto* record = links_.find(ifindex);
    const bool is_vxlan = record != nullptr && record->link.vxlan;
    is_vxlan ? void(vxlans_.insert(ifindex)) : void(vxlans_.erase(ifindex));
    if (record != nullptr) learn_names(*record, names);
  }
  for (const auto& name : names) {
    const auto aliased = aliased_.find(name), here = here_.find(name);
    if (aliased != aliased_.end()) {
      observed_.links.insert_or_assign(name, aliased_link_of(*links_.find(aliased->second)));
    } else if (here != here_.end()) {
      observed_.links.insert_or_assign(name, link_of(*links_.find(here->second)));
    } else {
      observed_.links.erase(name);
    }
  }
  changed.devices.merge(names);
}

void KernelHost::refresh_statistics(model::Scope& changed) {
  for (const auto& [name, ifindex] : here_) {
    if (aliased_.contains(name)) continue;
    observed_.links.at(name).statistics = statistics_of(*links_.find(ifindex));
  }
  for (const auto& [name, ifindex] : aliased_) {
    // What happens in other namespaces nobody tells us.
    auto link = aliased_link_of(*links_.find(ifindex));
    if (!is_same_but_for_statistics(link, observed_.links.at(name))) changed.devices.insert(name);
    observed_.links.insert_or_assign(name, std::move(link));
  }
}

void KernelHost::observe_ports(model::Scope& changed) {
  for (const auto carrier : std::exchange(changed_ports_, {})) {
    const auto slot = ports_.find_carrier(carrier);
    const auto present = observed_.ports.find(carrier);
    if (slot == 0 && present == observed_.ports.end()) continue;
    changed.ports.insert(carrier);
    if (present != observed_.ports.end()) changed.devices.insert(present->second.device);
    if (slot == 0) {
      observed_.ports.erase(present);
    } else {
      const auto port = observed_.ports.insert_or_assign(carrier, port_of(slot)).first;
      changed.devices.insert(port->second.device);
    }
  }
  changed.devices.erase("");  // A device that is gone.
}

void KernelHost::observe_bridges(model::Scope& changed) {
  for (const auto& name : std::exchange(changed_bridges_, {})) {
    changed.bridges.insert(name);
    observed_.served.erase(name);
    const auto id = ports_.find_bridge(name);
    if (!id) {
      observed_.bridges.erase(name);
      continue;
    }
    if (const auto& served = services_.served_by(*id); !served.empty()) observed_.served[name] = served;
    const auto& bridge = ports_.bridge(*id);
    auto& settings = observed_.bridges[name];
    settings = {
        .ageing_s = bridge.ageing_s, .forward_bpdu = bridge.forward_bpdu != 0, .max_addresses = bridge.max_addresses};
    if (bridge.has_flood_vlans != 0) settings.flood_vlans = read_vlan_set(datapath_.flood_vlans_fd(), *id);
  }
}

// Of what the device was told to use, or by the routes. Our filters can sit on a device whose packets begin with an
// Ethernet header.
KernelHost::Ways KernelHost::ways_of(const model::Link& link) {
  Ways ways;
  const auto narrow_to = [&](std::uint32_t mtu_bytes) {
    if (mtu_bytes != 0 && (ways.mtu_bytes == 0 || mtu_bytes < ways.mtu_bytes)) ways.mtu_bytes = mtu_bytes;
  };
  const auto& vxlan = *link.vxlan;
  if (vxlan.underlay_ifindex != 0) ways.devices.insert(vxlan.underlay_ifindex);
  if (link.tunnel) {
    for (const auto& [remote, path] : link.tunnel->paths) {
      narrow_to(path.mtu_bytes);
      if (vxlan.underlay_ifindex != 0) continue;
      const auto device = std::ranges::find(links_.links(), path.device, [](const auto& of) { return of.second.name; });
      if (device != links_.links().end()) ways.devices.insert(device->first);
    }
  } else if (vxlan.remote) {
    const auto found =
        find_route(netlink_, {.to = *vxlan.remote, .from = vxlan.local, .ifindex = vxlan.underlay_ifindex});
    if (found && *found) {
      ways.devices.insert((*found)->ifindex);
      narrow_to((*found)->mtu_bytes);
    }
  }
  std::erase_if(ways.devices, [&](int ifindex) {
    const auto* device = links_.find(ifindex);
    if (device != nullptr) narrow_to(device->link.mtu_bytes);
    return device == nullptr || !device->is_ethernet || device->is_loopback;
  });
  return ways;
}

// Adds to devices that changed the vxlan devices whose packets leave by them.
void KernelHost::look_again_at_vxlans_over(std::set<int>& ifindexes) const {
  std::set<int> over;
  for (const auto vxlan : vxlans_) {
    const auto* record = links_.find(vxlan);
    const auto link = record == nullptr ? observed_.links.end() : observed_.links.find(record->name);
    if (link == observed_.links.end()) continue;
    const bool is_over = std::ranges::any_of(link->second.underlays, [&](int way) { return ifindexes.contains(way); });
    if (is_over) over.insert(vxlan);
  }
  ifindexes.merge(over);
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
  if (link.is_internal()) link.carrier_ifindex = record.other_ifindex;
  const auto* other = is_patch_end(record) ? links_.find(record.other_ifindex) : nullptr;
  if (other != nullptr) link.patch_peer = patch_port(*other);
  link.statistics = statistics_of(record);
  speeds_.read(record.name, link);
  if (link.vxlan) {
    auto ways = ways_of(link);
    link.underlays = std::move(ways.devices);
    link.way_mtu_bytes = ways.mtu_bytes;
  }
  return link;
}

model::Link KernelHost::aliased_link_of(const LinkRecord& record) {
  return is_patch_end(record) ? link_of(record) : away_link_of(record);
}

// What its end here tells, and what the other namespace lets us read.
model::Link KernelHost::away_link_of(const LinkRecord& peer) {
  model::Link link{.kind = peer.link.kind, .mtu_bytes = peer.link.mtu_bytes, .admin_up = peer.link.carrier};
  if (const auto device = read_link(netlink_, *peer.away_end)) link = device->link;
  link.ifindex = 0;
  link.carrier_ifindex = peer.link.ifindex;
  link.carrier = peer.link.carrier;
  link.made = model::MadeKind::internal;
  link.peer_in_other_namespace = link.is_away = true;
  link.statistics = of_other_end(statistics_of(peer));
  speeds_.read(peer.name, link);
  return link;
}

// Empty: its device is gone, and it with it.
std::string KernelHost::name_of_port(const LinkRecord& carrier) const {
  if (is_patch_end(carrier)) return patch_port(carrier);
  if (!is_internal_peer(carrier)) return carrier.name;
  if (carrier.away_end) return away_internal(carrier);
  const auto* device = links_.find(carrier.other_ifindex);
  return device == nullptr ? std::string() : device->name;
}

std::string KernelHost::name_of_slot(Slot slot) const {
  const auto* carrier = links_.find(static_cast<int>(ports_.port(slot).ifindex));
  const auto name = carrier == nullptr ? std::string() : name_of_port(*carrier);
  return name.empty() ? "a port that is gone" : name;
}

std::set<model::Flap> KernelHost::flaps_of(Slot slot) const {
  std::set<model::Flap> flaps;
  for (const auto& held : held_) {
    if (held.port != slot && held.other_port != slot) continue;
    const auto other = held.port == slot ? held.other_port : held.port;
    flaps.insert({.address = held.mac, .vlan = held.vlan, .other_port = name_of_slot(other)});
  }
  return flaps;
}

Slot KernelHost::find_port(const std::string& device) const {
  const auto link = observed_.links.find(device);
  return link == observed_.links.end() ? 0 : ports_.find_carrier(link->second.port_ifindex());
}

model::DatapathPort KernelHost::port_of(Slot slot) const {
  const auto& port = ports_.port(slot);
  const auto* carrier = links_.find(static_cast<int>(port.ifindex));
  const bool is_limited = (port.vlan.options & WEFT_VLAN_LIMITED) != 0;
  auto vlans = is_limited ? read_vlan_set(datapath_.port_vlans_fd(), slot) : model::VlanSet{};
  model::DatapathPort result{.device = carrier == nullptr ? std::string() : name_of_port(*carrier),
                             .bridge = ports_.bridge(port.bridge).name,
                             .port = {.ofport = port.ofport,
                                      .vlan = from_datapath(port.vlan, std::move(vlans)),
                                      .has_strict_remotes = (port.flags & WEFT_PORT_STRICT_REMOTES) != 0},
                             .delivers_to_peer = (port.flags & WEFT_PORT_TO_PEER) != 0};
  result.tunnel = fast_path_.tunnel_of(slot);
  result.mtu_bytes = port.mtu_bytes;
  result.guest = services_.guest_of(slot);
  result.leads_elsewhere = (port.flags & WEFT_PORT_REMOTE) != 0;
  result.flaps = flaps_of(slot);
  if (carrier == nullptr) return result;
  result.promiscuous = carrier->is_promiscuous;
  // The switch's end of an internal device serves only while it is up.
  if (port.ifindex != port.device && !carrier->link.admin_up) return result;
  const auto program = programs_.find(static_cast<int>(port.ifindex));
  result.attached = program != programs_.end() && program->second != 0 &&
                    datapath_.is_current_program(Program::port_ingress, program->second);
  return result;
}

Result<std::map<Slot, model::LinkStatistics>> KernelHost::read_statistics() {
  std::map<Slot, model::LinkStatistics> statistics;
  const auto links = TRY(read_links(netlink_));
  for (const auto slot : ports_.ports_in_use()) {
    const auto& port = ports_.port(slot);
    const bool is_away = port.device == 0;
    const auto record = links.find(static_cast<int>(is_away ? port.ifindex : port.device));
    if (record == links.end()) continue;
    const auto& of = statistics_of(record->second);
    statistics.emplace(slot, is_away ? of_other_end(of) : of);
  }
  return statistics;
}

// What passes by the device, straight to its other end or past a vxlan device, counts too.
model::LinkStatistics KernelHost::statistics_of(const LinkRecord& record) const {
  auto statistics = record.link.statistics;
  const auto slot = ports_.find_carrier(record.link.ifindex);
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
