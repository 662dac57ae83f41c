// What holds of diff() for whatever is desired and whatever is there, by random inputs on the fake host.
#include <rapidcheck.h>

#include "plan/device_steps.hpp"
#include "plan/diff.hpp"
#include "plan/patch_steps.hpp"
#include "reconcile/fake_host.hpp"

namespace weft::reconcile {
namespace {

using model::Desired;
using model::Observed;

// Few names and numbers, so that the two sides meet.
const std::vector<std::string> bridge_names = {"br0", "br1", "br2"};
const std::vector<std::string> device_names = {"br0", "br1", "br2", "veth0", "veth1", "tap0", "vxlan0", "p-br0"};

// Never a port: a tunnel waits for one that is only made, a pass longer.
const std::vector<std::string> underlay_names = {"eth0", "eth1"};

rc::Gen<MacAddress> any_mac() {
  return rc::gen::map(rc::gen::inRange<int>(1, 4),
                      [](int last) { return MacAddress({2, 0, 0, 0, 0, static_cast<std::uint8_t>(last)}); });
}
std::uint32_t any_mtu() { return *rc::gen::element<std::uint32_t>(1280, 1450, 1500, 9000); }
bool any_bool() { return *rc::gen::arbitrary<bool>(); }

model::Port any_port() {
  model::Port port{.ofport = *rc::gen::inRange<std::uint16_t>(1, 5)};
  using Mode = model::PortVlan::Mode;
  port.vlan.mode =
      *rc::gen::element(Mode::trunk, Mode::access, Mode::native_tagged, Mode::native_untagged, Mode::tunnel);
  if (port.vlan.mode != Mode::trunk) port.vlan.tag = *rc::gen::inRange<std::uint16_t>(1, 4);
  if (port.vlan.mode != Mode::access && any_bool()) port.vlan.vlans = {port.vlan.tag, 7};
  return port;
}

model::InternalDevice any_internal() {
  model::InternalDevice device;
  if (any_bool()) device.mac = *any_mac();
  if (any_bool()) device.mac_when_made = *any_mac();
  if (any_bool()) device.mtu_bytes = any_mtu();
  if (any_bool()) device.admin_up = any_bool();
  return device;
}

const std::vector<IpAddress> vteps = {*IpAddress::parse("10.0.0.2"), *IpAddress::parse("10.0.0.3")};
const IpAddress group = *IpAddress::parse("239.1.1.1"), vtep_v6 = *IpAddress::parse("2001:db8::2");

std::set<IpAddress> any_remotes() {
  std::set<IpAddress> remotes;
  for (const auto& vtep : vteps) {
    if (any_bool()) remotes.insert(vtep);
  }
  if (remotes.empty()) remotes.insert(any_bool() ? group : vtep_v6);
  return remotes;
}

model::VxlanDevice any_vxlan() {
  model::VxlanDevice device{.vni = *rc::gen::inRange<std::uint32_t>(0, 3), .remotes = any_remotes()};
  if (any_bool()) device.local = vteps[0];
  if (any_bool()) device.underlay = *rc::gen::elementOf(underlay_names);
  device.ttl = *rc::gen::inRange<std::uint8_t>(0, 2);
  device.inherits_ttl = *rc::gen::inRange(0, 4) == 0;
  device.has_checksum = *rc::gen::inRange(0, 4) == 0;
  device.has_strict_remotes = any_bool();
  return device;
}

// As some program might have made it, or an earlier configuration.
model::Link any_vxlan_link(model::Link link, const Observed& observed) {
  const auto device = any_vxlan();
  const auto underlay = observed.links.find(device.underlay);
  link.kind = "vxlan";
  link.vxlan = {.vni = device.vni,
                .dst_port = device.dst_port,
                .is_ipv6 = device.is_ipv6(),
                .local = device.local,
                .remote = any_bool() ? std::optional(*device.remotes.begin()) : std::nullopt,
                .underlay_ifindex = underlay == observed.links.end() ? 0 : underlay->second.ifindex,
                .ttl = device.ttl,
                .df = any_bool() ? model::VxlanDf::set : model::VxlanDf::unset,
                .sends_checksum = device.has_checksum,
                .takes_zero_checksum_v6 = device.takes_zero_checksum_v6()};
  if (any_bool()) return link;
  link.made = model::MadeKind::vxlan;
  link.tunnel = {.remotes = any_remotes(), .heard = any_remotes()};
  for (const auto& remote : link.tunnel->remotes) {
    if (any_bool()) link.tunnel->paths[remote] = {.device = "eth0", .mtu_bytes = any_mtu()};
  }
  return link;
}

const std::vector<IpAddress> guest_addresses = {*IpAddress::parse("10.0.0.2"), *IpAddress::parse("fd00::2")};

model::ServedNetwork any_network() {
  model::ServedNetwork network{.has_metadata = any_bool()};
  if (any_bool()) network.subnet4 = Subnet::parse("10.0.0.0/24");
  for (const auto& address : guest_addresses) {
    if (any_bool()) network.neighbours[address] = *any_mac();
  }
  return network;
}

model::Guest any_guest() {
  model::Guest guest{.hostname = "of no concern", .is_confined = any_bool()};
  if (any_bool()) guest.mac = *any_mac();
  if (any_bool()) guest.addresses = guest_addresses;
  return guest;
}

Desired any_desired() {
  Desired desired;
  for (const auto& name : bridge_names) {
    if (any_bool()) continue;
    desired.bridges[name] = {.ageing_s = *rc::gen::inRange<std::uint32_t>(15, 18),
                             .forward_bpdu = any_bool(),
                             .max_addresses = *rc::gen::inRange<std::uint32_t>(10, 12)};
    if (any_bool()) desired.bridges[name].flood_vlans = {0, 7};
    for (const auto vlan : std::to_array<std::uint16_t>({0, 7})) {
      if (any_bool() && any_bool()) desired.networks[name][vlan] = any_network();
    }
  }
  for (const auto& device : device_names) {
    if (desired.bridges.empty() || any_bool()) continue;
    auto& wanted = desired.devices[device];
    wanted.bridge =
        std::next(desired.bridges.begin(), *rc::gen::inRange(0, static_cast<int>(desired.bridges.size())))->first;
    if (any_bool()) wanted.made = any_internal();
    if (*rc::gen::inRange(0, 3) == 0) wanted.made = any_vxlan();
    if (any_bool() && any_bool()) wanted.made = model::PatchDevice{.peer = *rc::gen::elementOf(device_names)};
    wanted.may_go_fast = any_bool();
    if (!wanted.made || any_bool()) wanted.port = any_port();
    if (wanted.internal() == nullptr && any_bool()) wanted.requested_mtu_bytes = any_mtu();
    if (any_bool()) desired.guests[device] = any_guest();
  }
  return desired;
}

std::string any_bridge_of(const Observed& observed) {
  const auto name = *rc::gen::elementOf(bridge_names);
  return observed.bridges.contains(name) ? name : "";
}

Observed any_observed() {
  Observed observed;
  for (const auto& name : bridge_names) {
    if (any_bool()) observed.bridges[name] = {.ageing_s = *rc::gen::inRange<std::uint32_t>(15, 18)};
    if (observed.bridges.contains(name) && any_bool()) observed.served[name][7] = model::served_vlan(any_network());
  }
  int ifindex = 1;
  for (const auto& device : underlay_names) {
    if (any_bool()) observed.links[device] = {.ifindex = ifindex++, .mtu_bytes = 1500};
  }
  for (const auto& device : device_names) {
    if (any_bool()) continue;
    model::Link link{.ifindex = ifindex++, .mac = *any_mac(), .mtu_bytes = any_mtu(), .admin_up = any_bool()};
    if (any_bool()) link.made = model::MadeKind::internal;
    link.is_internal_peer = !link.made && *rc::gen::inRange(0, 4) == 0;
    link.peer_in_other_namespace = any_bool();
    if (!link.made && !link.is_internal_peer && any_bool()) link = any_vxlan_link(link, observed);
    if (link.vxlan) {
      for (int underlay = 1; underlay < 4; ++underlay) {
        if (any_bool()) link.underlays.insert(underlay);
      }
      if (any_bool()) link.way_mtu_bytes = any_mtu();
    }
    if (link.made == model::MadeKind::internal && any_bool()) {
      link.carrier_ifindex = std::exchange(link.ifindex, 0);
      link.is_away = any_bool();
      if (!link.is_away) link.ifindex = ifindex++;
    }
    observed.links[device] = link;
  }
  const auto one = *rc::gen::elementOf(device_names), other = *rc::gen::elementOf(device_names);
  const bool is_free = one != other && !observed.links.contains(one) && !observed.links.contains(other);
  for (const auto& [name, peer] : {std::pair(one, other), std::pair(other, one)}) {
    if (!is_free) break;
    observed.links[name] = {.ifindex = ifindex++, .made = model::MadeKind::patch, .patch_peer = peer};
  }
  // Filters for ports and for underlays sit on different devices of an internal port: each is named by the one it is
  // on.
  const auto device_of = [&](int number, auto number_of) {
    const auto bearer = std::ranges::find_if(
        observed.links, [&](const auto& link) { return std::invoke(number_of, link.second) == number; });
    return bearer == observed.links.end() ? std::string() : bearer->first;
  };
  // Some of devices that are there, some of devices that are gone.
  for (int of = 1; of < ifindex + 3; ++of) {
    if (any_bool()) continue;
    observed.ports[of] = {.device = device_of(of, &model::Link::port_ifindex),
                          .bridge = any_bridge_of(observed),
                          .port = any_port(),
                          .attached = any_bool(),
                          .promiscuous = any_bool(),
                          .delivers_to_peer = any_bool()};
    if (any_bool()) observed.ports[of].tunnel = {.vni = 1, .dst_port = 4789};
    if (any_bool()) observed.ports[of].mtu_bytes = 1400;
    if (any_bool()) observed.ports[of].guest = model::port_guest(any_guest());
    observed.ports[of].leads_elsewhere = any_bool();
    if (any_bool()) observed.underlays[of] = {.device = device_of(of, &model::Link::ifindex), .attached = any_bool()};
  }
  return observed;
}

// Something stands in the way of making it.
bool must_wait(const model::VxlanDevice& wanted, const Observed& host) {
  if (!wanted.underlay.empty() && !host.links.contains(wanted.underlay)) return true;
  return std::ranges::any_of(host.links, [&](const auto& named) {
    const auto& other = named.second.vxlan;
    return other && other->vni == wanted.vni && other->dst_port == wanted.dst_port &&
           other->is_ipv6 == wanted.is_ipv6() && other->takes_zero_checksum_v6 == wanted.takes_zero_checksum_v6();
  });
}

void assert_is_as_wanted(const model::VxlanDevice& wanted, const model::Device& device, const model::Link& link,
                         const Observed& host) {
  const auto& vxlan = *link.vxlan;
  RC_ASSERT(vxlan.vni == wanted.vni && vxlan.is_ipv6 == wanted.is_ipv6() && vxlan.local == wanted.local);
  RC_ASSERT(wanted.remotes.contains(*vxlan.remote));
  RC_ASSERT(vxlan.ttl == wanted.ttl && vxlan.inherits_ttl == wanted.inherits_ttl && vxlan.df == wanted.df);
  RC_ASSERT(vxlan.sends_checksum == wanted.has_checksum);
  if (!wanted.underlay.empty()) RC_ASSERT(vxlan.underlay_ifindex == host.links.at(wanted.underlay).ifindex);
  auto remotes = wanted.remotes;
  if (!wanted.has_group() && !wanted.has_strict_remotes) {
    remotes.insert(link.tunnel->heard.begin(), link.tunnel->heard.end());
  }
  RC_ASSERT(link.tunnel->remotes == remotes);
  RC_ASSERT(link.admin_up);
  if (device.requested_mtu_bytes) RC_ASSERT(link.mtu_bytes == *device.requested_mtu_bytes);
}

// Of each VNI one port at most goes fast; every one that may has its underlay watched, and nothing else is.
void assert_fast_paths(const Desired& desired, const Observed& host) {
  std::set<std::uint32_t> vnis;
  std::set<int> watched;
  for (const auto& [ifindex, port] : host.ports) {
    const auto& link = host.links.at(port.device);
    const auto& wanted = desired.devices.at(port.device);
    const bool is_strict = wanted.vxlan() != nullptr && wanted.vxlan()->has_strict_remotes;
    const bool may = link.vxlan && !link.underlays.empty() && (wanted.may_go_fast || is_strict);
    RC_ASSERT(may || !port.tunnel);
    if (may) watched.insert(link.underlays.begin(), link.underlays.end());
    if (port.tunnel) RC_ASSERT(port.tunnel->vni == link.vxlan->vni && vnis.insert(port.tunnel->vni).second);
  }
  for (const auto& [name, link] : host.links) {
    const auto underlay = host.underlays.find(link.ifindex);
    const bool is_watched = underlay != host.underlays.end() && underlay->second.attached;
    RC_ASSERT(is_watched == watched.contains(link.ifindex));
  }
  for (const auto& [ifindex, underlay] : host.underlays) RC_ASSERT(watched.contains(ifindex));
}

void assert_services(const Desired& desired, const Observed& host) {
  std::map<std::string, std::map<std::uint16_t, model::ServedVlan>> served;
  for (const auto& [bridge, networks] : desired.networks) {
    for (const auto& [vlan, network] : networks) served[bridge][vlan] = model::served_vlan(network);
  }
  RC_ASSERT(host.served == served);
  for (const auto& [ifindex, port] : host.ports) {
    const auto guest = desired.guests.find(port.device);
    RC_ASSERT(port.guest.has_value() == (guest != desired.guests.end()));
    if (port.guest) RC_ASSERT(*port.guest == model::port_guest(guest->second));
    RC_ASSERT(port.leads_elsewhere == (host.links.at(port.device).kind == "vxlan"));
  }
}

bool has_free_pair(const std::string& name, const model::PatchDevice& patch, const Desired& desired,
                   const Observed& host) {
  return plan::is_paired(name, patch, desired) && !host.links.contains(patch.peer);
}

// `host` is what `desired` says, as far as devices exist.
void assert_reached(const Desired& desired, const Observed& before, const Observed& host) {
  RC_ASSERT(host.bridges == desired.bridges);
  std::size_t attached = 0;
  for (const auto& [name, device] : desired.devices) {
    const auto link = host.links.find(name);
    if (link == host.links.end()) {
      // Nothing stands in the way of making it, but for a patch's other end, or a rival of a tunnel.
      const bool may_wait = (device.vxlan() != nullptr && must_wait(*device.vxlan(), host)) ||
                            (device.patch() != nullptr && !has_free_pair(name, *device.patch(), desired, host));
      RC_ASSERT(!device.made || may_wait);
      continue;
    }
    const auto kind = device.made ? std::optional(model::kind_of(*device.made)) : std::nullopt;
    if (link->second.made != kind || link->second.is_internal_peer) {
      RC_ASSERT(before.links.contains(name));  // A stranger's, and left alone.
      continue;
    }
    if (device.port) {
      const auto& reached = host.ports.at(link->second.port_ifindex());
      RC_ASSERT(reached.bridge == device.bridge && reached.port == *device.port && reached.attached);
      ++attached;
    }
    if (device.vxlan() != nullptr) assert_is_as_wanted(*device.vxlan(), device, link->second, host);
    const auto* internal = device.internal();
    if (internal == nullptr || link->second.is_away) continue;
    RC_ASSERT(internal->mac.value_or(link->second.mac) == link->second.mac);
    RC_ASSERT(internal->mtu_bytes.value_or(link->second.mtu_bytes) == link->second.mtu_bytes);
    RC_ASSERT(internal->admin_up.value_or(link->second.admin_up) == link->second.admin_up);
  }
  RC_ASSERT(host.ports.size() == attached);
  assert_fast_paths(desired, host);
  assert_services(desired, host);
  for (const auto& [name, link] : host.links) {
    RC_ASSERT(!link.made || (desired.devices.contains(name) && desired.devices.at(name).made));
  }
}

TEST(PlanProperties, steps_carried_out_in_order_reach_what_is_desired) {
  EXPECT_TRUE(rc::check([] {
    const auto desired = any_desired();
    const auto before = any_observed();
    FakeHost host(before);
    for (const auto& step : plan::diff(desired, before)) {
      const auto result = host.apply(step);
      if (!result) RC_FAIL(plan::explain(step) + ": " + result.error().tag);
    }
    assert_reached(desired, before, host.state());
  }));
}

TEST(PlanProperties, a_second_diff_is_empty) {
  EXPECT_TRUE(rc::check([] {
    const auto desired = any_desired();
    FakeHost host(any_observed());
    for (const auto& step : plan::diff(desired, host.state())) RC_ASSERT(host.apply(step).has_value());
    const auto rest = plan::diff(desired, host.state());
    if (!rest.empty()) RC_FAIL(plan::explain(rest.front()));
  }));
}

TEST(PlanProperties, deletions_come_before_what_is_made) {
  EXPECT_TRUE(rc::check([] {
    bool is_making = false;
    for (const auto& step : plan::diff(any_desired(), any_observed())) {
      const bool deletes =
          std::holds_alternative<plan::DetachPort>(step) || std::holds_alternative<plan::DetachUnderlay>(step) ||
          std::holds_alternative<plan::DeleteBridge>(step) || std::holds_alternative<plan::DeleteDevice>(step);
      RC_ASSERT(!(deletes && is_making));
      is_making = is_making || !deletes;
    }
  }));
}

void carry_out(FakeHost& host, const plan::Steps& steps) {
  for (const auto& step : steps) {
    const auto done = host.apply(step);
    if (!done) RC_FAIL(plan::explain(step) + ": " + done.error().tag);
  }
}

std::vector<std::string> explain_all(const plan::Steps& steps) {
  std::vector<std::string> lines;
  for (const auto& step : steps) lines.push_back(plan::explain(step));
  return lines;
}

TEST(PlanProperties, the_diff_of_what_changed_is_the_diff_of_the_whole) {
  EXPECT_TRUE(rc::check([] {
    plan::Differ differ;
    Desired desired;
    Observed observed;
    for (int change = 0; change < 4; ++change) {
      // Some of it stays as it is.
      const auto next_desired = any_bool() ? any_desired() : desired;
      const auto next_observed = any_bool() ? any_observed() : observed;
      auto changed = model::difference(desired, next_desired);
      changed.add(model::difference(observed, next_observed));
      desired = next_desired;
      const auto steps = differ.diff(desired, next_observed, changed);
      RC_ASSERT(explain_all(steps) == explain_all(plan::diff(desired, next_observed)));

      FakeHost host(next_observed);
      carry_out(host, steps);
      observed = host.state();
      changed.add(model::difference(next_observed, observed));
      const auto rest = differ.diff(desired, observed, changed);
      if (!rest.empty()) RC_FAIL(plan::explain(rest.front()));
    }
  }));
}

}  // namespace
}  // namespace weft::reconcile
