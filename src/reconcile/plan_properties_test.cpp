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
  if (any_bool()) port.vlan = {model::PortVlan::Mode::access, *rc::gen::inRange<std::uint16_t>(1, 4)};
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
  }
  for (const auto& device : device_names) {
    if (desired.bridges.empty() || any_bool()) continue;
    auto& bridge = desired.bridges[*rc::gen::elementOf(bridge_names)];
    bridge.ports[device] = any_port();
    if (any_bool()) {
      bridge.internals[device] = any_internal();
    } else if (any_bool()) {
      bridge.requested_mtus[device] = any_mtu();
    }
  }
  return desired;
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
    link.is_internal = any_bool();
    link.is_internal_peer = !link.is_internal && *rc::gen::inRange(0, 4) == 0;
    link.peer_in_other_namespace = any_bool();
    observed.links[device] = link;
  }
  // Some of devices that are there, some of devices that are gone.
  for (int of = 1; of < ifindex + 3; ++of) {
    if (any_bool()) continue;
    observed.ports[of] = {.bridge = *rc::gen::elementOf(bridge_names),
                          .port = any_port(),
                          .attached = any_bool(),
                          .promiscuous = any_bool(),
                          .delivers_to_peer = any_bool()};
  }
  return observed;
}

// `host` is what `desired` says, as far as devices exist.
void assert_reached(const Desired& desired, const Observed& before, const Observed& host) {
  RC_ASSERT(host.bridges.size() == desired.bridges.size());
  std::size_t attached = 0;
  for (const auto& [name, bridge] : desired.bridges) {
    RC_ASSERT(host.bridges.at(name).ageing_s == bridge.ageing_s);
    RC_ASSERT(host.bridges.at(name).forward_bpdu == bridge.forward_bpdu);
    for (const auto& [device, port] : bridge.ports) {
      const auto link = host.links.find(device);
      if (link == host.links.end()) {
        RC_ASSERT(!bridge.internals.contains(device));  // Nothing stands in the way of making it.
        continue;
      }
      if (link->second.is_internal != bridge.internals.contains(device) || link->second.is_internal_peer) {
        RC_ASSERT(before.links.contains(device));  // A stranger's, and left alone.
        continue;
      }
      const auto& reached = host.ports.at(link->second.ifindex);
      RC_ASSERT(reached.bridge == name && reached.port == port && reached.attached);
      ++attached;
      const auto internal = bridge.internals.find(device);
      if (internal == bridge.internals.end()) continue;
      RC_ASSERT(internal->second.mac.value_or(link->second.mac) == link->second.mac);
      RC_ASSERT(internal->second.mtu_bytes.value_or(link->second.mtu_bytes) == link->second.mtu_bytes);
      RC_ASSERT(internal->second.admin_up.value_or(link->second.admin_up) == link->second.admin_up);
    }
  }
  RC_ASSERT(host.ports.size() == attached);
  for (const auto& [device, link] : host.links) {
    RC_ASSERT(!link.is_internal || std::ranges::any_of(desired.bridges, [&](const auto& of) {
      return of.second.internals.contains(device);
    }));
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
                           std::holds_alternative<plan::DeleteInternal>(step);
      RC_ASSERT(!(deletes && is_making));
      is_making = is_making || !deletes;
    }
  }));
}

}  // namespace
}  // namespace weft::reconcile
