// What holds of diff() for whatever is desired and whatever is there, by random inputs on the fake host.
#include <rapidcheck.h>

#include "plan/device_steps.hpp"
#include "plan/diff.hpp"
#include "reconcile/fake_host.hpp"

namespace weft::reconcile {
namespace {

using model::Desired;
using model::Observed;

// Few names and numbers, so that the two sides meet.
const std::vector<std::string> bridge_names = {"br0", "br1", "br2"};
const std::vector<std::string> device_names = {"br0", "br1", "br2", "veth0", "veth1", "tap0", "vxlan0", "p-br0"};

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

Desired any_desired() {
  Desired desired;
  for (const auto& name : bridge_names) {
    if (any_bool()) continue;
    desired.bridges[name] = {.ageing_s = *rc::gen::inRange<std::uint32_t>(15, 18), .forward_bpdu = any_bool()};
    if (any_bool()) desired.bridges[name].flood_vlans = {0, 7};
  }
  for (const auto& device : device_names) {
    if (desired.bridges.empty() || any_bool()) continue;
    auto& wanted = desired.devices[device];
    wanted.bridge =
        std::next(desired.bridges.begin(), *rc::gen::inRange(0, static_cast<int>(desired.bridges.size())))->first;
    if (any_bool()) wanted.made = any_internal();
    if (!wanted.made || any_bool()) wanted.port = any_port();
    if (wanted.internal() == nullptr && any_bool()) wanted.requested_mtu_bytes = any_mtu();
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
  }
  int ifindex = 1;
  for (const auto& device : device_names) {
    if (any_bool()) continue;
    model::Link link{.ifindex = ifindex++, .mac = *any_mac(), .mtu_bytes = any_mtu(), .admin_up = any_bool()};
    if (any_bool()) link.made = model::MadeKind::internal;
    link.is_internal_peer = !link.made && *rc::gen::inRange(0, 4) == 0;
    link.peer_in_other_namespace = any_bool();
    observed.links[device] = link;
  }
  // Some of devices that are there, some of devices that are gone.
  for (int of = 1; of < ifindex + 3; ++of) {
    if (any_bool()) continue;
    const auto bearer =
        std::ranges::find_if(observed.links, [&](const auto& link) { return link.second.ifindex == of; });
    observed.ports[of] = {.device = bearer == observed.links.end() ? "" : bearer->first,
                          .bridge = any_bridge_of(observed),
                          .port = any_port(),
                          .attached = any_bool(),
                          .promiscuous = any_bool(),
                          .delivers_to_peer = any_bool()};
  }
  return observed;
}

// `host` is what `desired` says, as far as devices exist.
void assert_reached(const Desired& desired, const Observed& before, const Observed& host) {
  RC_ASSERT(host.bridges == desired.bridges);
  std::size_t attached = 0;
  for (const auto& [name, device] : desired.devices) {
    const auto link = host.links.find(name);
    if (link == host.links.end()) {
      RC_ASSERT(!device.made);  // Nothing stands in the way of making it.
      continue;
    }
    const auto kind = device.made ? std::optional(model::kind_of(*device.made)) : std::nullopt;
    if (link->second.made != kind || link->second.is_internal_peer) {
      RC_ASSERT(before.links.contains(name));  // A stranger's, and left alone.
      continue;
    }
    if (device.port) {
      const auto& reached = host.ports.at(link->second.ifindex);
      RC_ASSERT(reached.bridge == device.bridge && reached.port == *device.port && reached.attached);
      ++attached;
    }
    const auto* internal = device.internal();
    if (internal == nullptr) continue;
    RC_ASSERT(internal->mac.value_or(link->second.mac) == link->second.mac);
    RC_ASSERT(internal->mtu_bytes.value_or(link->second.mtu_bytes) == link->second.mtu_bytes);
    RC_ASSERT(internal->admin_up.value_or(link->second.admin_up) == link->second.admin_up);
  }
  RC_ASSERT(host.ports.size() == attached);
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
      const bool deletes = std::holds_alternative<plan::DetachPort>(step) ||
                           std::holds_alternative<plan::DeleteBridge>(step) ||
                           std::holds_alternative<plan::DeleteDevice>(step);
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
      RC_ASSERT(differ.diff(desired, observed, changed).empty());
    }
  }));
}

}  // namespace
}  // namespace weft::reconcile
