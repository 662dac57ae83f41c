#include "reconcile/fake_host.hpp"

#include <algorithm>

namespace weft::reconcile {
namespace {

// Above every number in use: the kernel too gives out growing numbers.
int next_ifindex(const model::Observed& state) {
  int greatest = 0;
  for (const auto& [name, link] : state.links) {
    greatest = std::max({greatest, link.ifindex, link.carrier_ifindex});
    if (!link.underlays.empty()) greatest = std::max(greatest, *link.underlays.rbegin());  // Perhaps gone.
  }
  for (const auto& [ifindex, port] : state.ports) greatest = std::max(greatest, ifindex);
  return greatest + 1;
}

model::VxlanLink link_of(const model::VxlanDevice& settings, int underlay_ifindex) {
  return {.vni = settings.vni,
          .dst_port = settings.dst_port,
          .is_ipv6 = settings.is_ipv6(),
          .local = settings.local,
          .remote = *settings.remotes.begin(),
          .underlay_ifindex = underlay_ifindex,
          .inherits_tos = settings.inherits_tos,
          .tos = settings.tos,
          .inherits_ttl = settings.inherits_ttl,
          .ttl = settings.ttl,
          .df = settings.df,
          .sends_checksum = settings.has_checksum,
          .takes_zero_checksum_v6 = settings.takes_zero_checksum_v6()};
}

// What of a device the kernel gives to one only.
bool is_rival(const model::Link& link, const model::VxlanLink& wanted) {
  return link.vxlan && link.vxlan->vni == wanted.vni && link.vxlan->dst_port == wanted.dst_port &&
         link.vxlan->is_ipv6 == wanted.is_ipv6 && link.vxlan->takes_zero_checksum_v6 == wanted.takes_zero_checksum_v6;
}

}  // namespace

Result<model::Scope> FakeHost::look(Depth) {
  if (observation_is_broken_) return fail("netlink", "the kernel does not answer");
  auto now = state();
  auto changed = model::difference(seen_, now);
  seen_ = std::move(now);
  return changed;
}

model::Observed FakeHost::state() const {
  auto state = state_;
  for (auto& [ifindex, port] : state.ports) port.device.clear();
  for (auto& [ifindex, underlay] : state.underlays) underlay.device.clear();
  for (const auto& [name, link] : state.links) {
    if (const auto port = state.ports.find(link.port_ifindex()); port != state.ports.end()) port->second.device = name;
    if (const auto under = state.underlays.find(link.ifindex); under != state.underlays.end())
      under->second.device = name;
  }
  return state;
}

Result<> FakeHost::apply(const plan::Step& step) {
  const auto broken = broken_.find(plan::subject_of(step));
  if (broken != broken_.end()) return fail("broken", broken->second);
  if (contested_.contains(plan::subject_of(step))) return {};
  auto result = std::visit([this](const auto& kind) { return carry_out(kind); }, step);
  if (result) applied_.push_back(step);
  return result;
}

void FakeHost::add_device(const std::string& name, model::Link link) {
  if (link.ifindex == 0) link.ifindex = next_ifindex(state_);
  if (link.mtu_bytes == 0) link.mtu_bytes = 1500;
  state_.links[name] = std::move(link);
}

Result<model::Link*> FakeHost::find(const std::string& device) {
  const auto found = state_.links.find(device);
  if (found == state_.links.end()) return fail("no such device", device);
  return &found->second;
}

Result<model::Link*> FakeHost::find_here(const std::string& device) {
  auto* link = TRY(find(device));
  if (link->is_away) return fail("in another namespace", device);
  return link;
}

Result<> FakeHost::carry_out(const plan::DetachPort& step) {
  if (state_.ports.erase(step.ifindex) == 0) return fail("no such port", fmt::format("{}", step.ifindex));
  return {};
}

Result<> FakeHost::carry_out(const plan::DeleteBridge& step) {
  for (const auto& [ifindex, port] : state_.ports) {
    if (port.bridge == step.bridge) return fail("bridge in use", step.bridge);
  }
  if (state_.bridges.erase(step.bridge) == 0) return fail("no such bridge", step.bridge);
  state_.served.erase(step.bridge);
  return {};
}

Result<> FakeHost::carry_out(const plan::DeleteDevice& step) {
  const auto* link = TRY(find(step.device));
  if (!link->made) return fail("not ours", step.device);
  if (state_.ports.contains(link->port_ifindex())) return fail("device in use", step.device);
  if (const auto peer = state_.links.find(link->patch_peer); peer != state_.links.end()) {
    if (state_.ports.contains(peer->second.port_ifindex())) return fail("device in use", peer->first);
    state_.links.erase(peer);
  }
  state_.links.erase(step.device);
  return {};
}

Result<> FakeHost::carry_out(const plan::CreateDevice& step) {
  if (state_.links.contains(step.device)) return fail("device exists", step.device);
  return std::visit([&](const auto& settings) { return make(step.device, settings); }, step.settings);
}

Result<> FakeHost::make(const std::string& device, const model::InternalDevice& settings) {
  if (!settings.mtu_bytes) return fail("no MTU", device);
  add_device(device, {.kind = "veth",
                      .mac = settings.mac.value_or(MacAddress({2, 0, 0, 0, 0, 1})),
                      .mtu_bytes = *settings.mtu_bytes,
                      .made = model::MadeKind::internal});
  return {};
}

Result<> FakeHost::make(const std::string& device, const model::VxlanDevice& settings) {
  int underlay_ifindex = 0;
  if (!settings.underlay.empty()) underlay_ifindex = TRY(find(settings.underlay))->ifindex;
  const auto link = link_of(settings, underlay_ifindex);
  for (const auto& [name, other] : state_.links) {
    if (is_rival(other, link)) return fail("VNI in use", name);
  }
  add_device(device, {.kind = "vxlan",
                      .mac = settings.mac_when_made.value_or(MacAddress({2, 0, 0, 0, 0, 1})),
                      .mtu_bytes = settings.mtu_bytes,
                      .made = model::MadeKind::vxlan,
                      .vxlan = link,
                      .tunnel = model::TunnelState{.remotes = settings.remotes}});
  return {};
}

Result<> FakeHost::carry_out(const plan::SetVxlan& step) {
  auto* link = TRY(find(step.device));
  if (link->made != model::MadeKind::vxlan) return fail("not ours", step.device);
  auto now = link_of(step.settings, link->vxlan->underlay_ifindex);
  if (step.settings.remotes.contains(*link->vxlan->remote)) now.remote = link->vxlan->remote;
  if (!is_rival(*link, now) || now.sends_checksum != link->vxlan->sends_checksum ||
      now.inherits_ttl != link->vxlan->inherits_ttl) {
    return fail("cannot be changed", step.device);
  }
  link->vxlan = now;
  return {};
}

Result<> FakeHost::carry_out(const plan::SetRemotes& step) {
  auto* link = TRY(find(step.device));
  if (!link->tunnel) return fail("not ours", step.device);
  link->tunnel->remotes = step.remotes;
  return {};
}

Result<> FakeHost::make(const std::string& device, const model::PatchDevice& settings) {
  if (state_.links.contains(settings.peer)) return fail("device exists", settings.peer);
  add_device(device, {.kind = "veth", .made = model::MadeKind::patch, .patch_peer = settings.peer});
  add_device(settings.peer, {.kind = "veth", .made = model::MadeKind::patch, .patch_peer = device});
  return {};
}

Result<> FakeHost::carry_out(const plan::CreateBridge& step) {
  if (!state_.bridges.emplace(step.bridge, step.settings).second) return fail("bridge exists", step.bridge);
  return {};
}

Result<> FakeHost::carry_out(const plan::SetBridge& step) {
  const auto bridge = state_.bridges.find(step.bridge);
  if (bridge == state_.bridges.end()) return fail("no such bridge", step.bridge);
  bridge->second = step.settings;
  return {};
}

Result<> FakeHost::carry_out(const plan::SetServed& step) {
  if (!state_.bridges.contains(step.bridge)) return fail("no such bridge", step.bridge);
  if (step.served.empty()) {
    state_.served.erase(step.bridge);
  } else {
    state_.served.insert_or_assign(step.bridge, step.served);
  }
  return {};
}

Result<> FakeHost::carry_out(const plan::AttachPort& step) {
  const auto* link = TRY(find(step.device));
  if (!state_.bridges.contains(step.bridge)) return fail("no such bridge", step.bridge);
  if (link->is_internal_peer) return fail("device in use", step.device);
  const model::DatapathPort port{.device = step.device,
                                 .bridge = step.bridge,
                                 .port = step.port,
                                 .attached = true,
                                 .promiscuous = true,
                                 .delivers_to_peer = step.deliver_to_peer,
                                 .tunnel = step.tunnel,
                                 .mtu_bytes = step.mtu_bytes,
                                 .guest = step.guest,
                                 .leads_elsewhere = step.leads_elsewhere};
  if (!state_.ports.emplace(link->port_ifindex(), port).second) return fail("port exists", step.device);
  return {};
}

Result<> FakeHost::carry_out(const plan::SetPort& step) {
  const auto* link = TRY(find(step.device));
  const auto port = state_.ports.find(link->port_ifindex());
  if (port == state_.ports.end() || port->second.bridge != step.bridge) return fail("no such port", step.device);
  port->second = {.device = step.device,
                  .bridge = step.bridge,
                  .port = step.port,
                  .attached = true,
                  .promiscuous = true,
                  .delivers_to_peer = step.deliver_to_peer,
                  .tunnel = step.tunnel,
                  .mtu_bytes = step.mtu_bytes,
                  .guest = step.guest,
                  .leads_elsewhere = step.leads_elsewhere};
  return {};
}

Result<> FakeHost::carry_out(const plan::AttachUnderlay& step) {
  const auto* link = TRY(find(step.device));
  if (link->ifindex != step.ifindex) return fail("another device", step.device);
  state_.underlays[step.ifindex] = {.device = step.device, .attached = true};
  return {};
}

Result<> FakeHost::carry_out(const plan::DetachUnderlay& step) {
  if (state_.underlays.erase(step.ifindex) == 0) return fail("no such underlay", step.device);
  return {};
}

Result<> FakeHost::carry_out(const plan::SetMtu& step) {
  TRY(find_here(step.device))->mtu_bytes = step.mtu_bytes;
  return {};
}

Result<> FakeHost::carry_out(const plan::SetMac& step) {
  TRY(find_here(step.device))->mac = step.mac;
  return {};
}

Result<> FakeHost::carry_out(const plan::SetAdminState& step) {
  auto* link = TRY(find_here(step.device));
  if (!link->made) return fail("not ours", step.device);
  link->admin_up = step.up;
  return {};
}

}  // namespace weft::reconcile
