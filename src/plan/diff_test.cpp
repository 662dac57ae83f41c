#include "plan/diff.hpp"

#include "plan/device_steps.hpp"

namespace weft::plan {
namespace {

using model::Bridge;
using model::DatapathPort;
using model::Desired;
using model::Device;
using model::InternalDevice;
using model::Link;
using model::MadeKind;
using model::Observed;
using model::Port;
using model::PortVlan;

const Port local_port{.ofport = model::local_ofport};
const Port first_port{.ofport = 1};

// br0 with its own port and veth0, as wanted and, but for `links`, as built.
Desired one_port() {
  return {.bridges = {{"br0", Bridge{}}},
          .devices = {{"br0", Device{.bridge = "br0", .port = local_port, .made = InternalDevice{}}},
                      {"veth0", Device{.bridge = "br0", .port = first_port}}}};
}
Observed one_port_built() {
  Observed observed;
  observed.links["br0"] = Link{.ifindex = 10, .kind = "veth", .mtu_bytes = 1500, .made = MadeKind::internal};
  observed.links["veth0"] = Link{.ifindex = 11, .kind = "veth", .mtu_bytes = 1500};
  observed.bridges["br0"] = {};
  observed.ports[10] = DatapathPort{.device = "br0", .bridge = "br0", .port = local_port, .attached = true};
  observed.ports[11] =
      DatapathPort{.device = "veth0", .bridge = "br0", .port = first_port, .attached = true, .promiscuous = true};
  return observed;
}

TEST(Diff, of_what_is_as_wanted_is_empty) { EXPECT_EQ(diff(one_port(), one_port_built()), Steps{}); }

TEST(Diff, builds_a_bridge_from_nothing_device_first) {
  Observed observed;
  observed.links["veth0"] = Link{.ifindex = 11, .mtu_bytes = 1400, .peer_in_other_namespace = true};
  EXPECT_EQ(diff(one_port(), observed),
            (Steps{CreateDevice{"br0", InternalDevice{.mtu_bytes = 1400}}, CreateBridge{"br0", {}},
                   AttachPort{"br0", "br0", local_port}, AttachPort{"veth0", "br0", first_port, true}}));
}

TEST(Diff, takes_a_bridge_down_in_reverse) {
  EXPECT_EQ(diff({}, one_port_built()),
            (Steps{DetachPort{10, "br0"}, DetachPort{11, "veth0"}, DeleteBridge{"br0"}, DeleteDevice{"br0"}}));
}

TEST(Diff, leaves_a_port_without_device_waiting) {
  auto observed = one_port_built();
  observed.links.erase("veth0");
  observed.ports.erase(11);
  EXPECT_EQ(diff(one_port(), observed), Steps{});
}

TEST(Diff, forgets_a_port_whose_device_is_gone_and_attaches_the_new_one) {
  auto observed = one_port_built();
  observed.links["veth0"].ifindex = 12;
  observed.ports[11].device = "";
  EXPECT_EQ(diff(one_port(), observed), (Steps{DetachPort{11, ""}, AttachPort{"veth0", "br0", first_port}}));
}

TEST(Diff, detaches_a_stranger_that_got_the_number_of_a_device_that_is_gone) {
  auto observed = one_port_built();
  observed.links.erase("veth0");
  observed.links["stranger"] = Link{.ifindex = 11};
  observed.ports[11].device = "stranger";
  EXPECT_EQ(diff(one_port(), observed), (Steps{DetachPort{11, "stranger"}}));
}

TEST(Diff, puts_a_missing_filter_back_in_place) {
  auto observed = one_port_built();
  observed.ports[11].attached = false;
  EXPECT_EQ(diff(one_port(), observed), (Steps{SetPort{"veth0", "br0", first_port}}));
}

TEST(Diff, changes_the_vlan_of_a_port_in_place) {
  auto desired = one_port();
  const Port access{.ofport = 1, .vlan = {.mode = PortVlan::Mode::access, .tag = 7}};
  desired.devices["veth0"].port = access;
  EXPECT_EQ(diff(desired, one_port_built()), (Steps{SetPort{"veth0", "br0", access}}));
}

TEST(Diff, delivers_to_the_peer_once_it_lives_in_another_namespace) {
  auto observed = one_port_built();
  observed.links["veth0"].peer_in_other_namespace = true;
  EXPECT_EQ(diff(one_port(), observed), (Steps{SetPort{"veth0", "br0", first_port, true}}));
}

TEST(Diff, moves_a_port_between_bridges_by_detaching_it) {
  auto desired = one_port();
  desired.bridges["br1"] = {};
  desired.devices["veth0"].bridge = "br1";
  auto observed = one_port_built();
  observed.bridges["br1"] = {};
  EXPECT_EQ(diff(desired, observed), (Steps{DetachPort{11, "veth0"}, AttachPort{"veth0", "br1", first_port}}));
}

TEST(Diff, follows_the_least_mtu_of_the_other_ports) {
  auto observed = one_port_built();
  observed.links["veth0"].mtu_bytes = 1450;
  EXPECT_EQ(diff(one_port(), observed), (Steps{SetMtu{"br0", 1450}}));
}

TEST(Diff, keeps_an_mtu_that_was_asked_for) {
  auto desired = one_port();
  desired.devices["br0"].internal()->mtu_bytes = 1500;
  auto observed = one_port_built();
  observed.links["veth0"].mtu_bytes = 1450;
  EXPECT_EQ(diff(desired, observed), Steps{});
}

TEST(Diff, leaves_address_and_admin_state_to_the_operator_unless_declared) {
  auto observed = one_port_built();
  observed.links["br0"].admin_up = true;
  observed.links["br0"].mac = *MacAddress::parse("02:00:00:00:00:01");
  EXPECT_EQ(diff(one_port(), observed), Steps{});

  auto desired = one_port();
  const auto mac = *MacAddress::parse("02:00:00:00:00:02");
  desired.devices["br0"].made = InternalDevice{.mac = mac, .admin_up = false};
  EXPECT_EQ(diff(desired, observed), (Steps{SetMac{"br0", mac}, SetAdminState{"br0", false}}));
}

TEST(Diff, never_touches_a_foreign_device_that_has_an_internal_ports_name) {
  auto observed = one_port_built();
  observed.links["br0"].made = {};
  observed.ports.erase(10);
  EXPECT_EQ(diff(one_port(), observed), Steps{});
  EXPECT_EQ(diff({}, observed), (Steps{DetachPort{11, "veth0"}, DeleteBridge{"br0"}}));
}

TEST(Diff, does_not_make_a_port_of_the_switchs_end_of_an_internal_device) {
  auto desired = one_port();
  desired.devices["peer"] = Device{.bridge = "br0", .port = Port{.ofport = 2}};
  auto observed = one_port_built();
  observed.links["peer"] = Link{.ifindex = 12, .is_internal_peer = true};
  EXPECT_EQ(diff(desired, observed), Steps{});
}

TEST(Diff, leaves_an_internal_device_alone_that_was_moved_into_another_namespace) {
  auto desired = one_port();
  const auto mac = *MacAddress::parse("02:00:00:00:00:02");
  desired.devices["br0"].made = InternalDevice{.mac = mac, .mtu_bytes = 9000, .admin_up = true};
  auto observed = one_port_built();
  auto& link = observed.links["br0"];
  link.ifindex = 0;
  link.carrier_ifindex = 10;
  link.is_away = link.peer_in_other_namespace = true;
  EXPECT_EQ(diff(desired, observed), (Steps{SetPort{"br0", "br0", local_port, true}}));
  observed.ports[10].delivers_to_peer = true;
  EXPECT_EQ(diff(desired, observed), Steps{});
  EXPECT_EQ(diff({}, observed),
            (Steps{DetachPort{10, "br0"}, DetachPort{11, "veth0"}, DeleteBridge{"br0"}, DeleteDevice{"br0"}}));
}

Desired two_bridges_with_a_patch() {
  Desired desired;
  for (const auto* bridge : {"br0", "br1"}) desired.bridges[bridge] = {};
  desired.devices["to-br0"] = {.bridge = "br1", .port = first_port, .made = model::PatchDevice{.peer = "to-br1"}};
  desired.devices["to-br1"] = {.bridge = "br0", .port = first_port, .made = model::PatchDevice{.peer = "to-br0"}};
  return desired;
}
Observed two_bridges_built(const Desired& desired) {
  Observed observed{.bridges = desired.bridges};
  int ifindex = 20;
  for (const auto& [name, device] : desired.devices) {
    observed.links[name] = Link{
        .ifindex = ++ifindex, .admin_up = true, .made = model::MadeKind::patch, .patch_peer = device.patch()->peer};
    observed.ports[ifindex] = DatapathPort{
        .device = name, .bridge = device.bridge, .port = *device.port, .attached = true, .promiscuous = true};
  }
  return observed;
}

TEST(Diff, makes_both_ends_of_a_patch_at_once) {
  auto desired = two_bridges_with_a_patch();
  EXPECT_EQ(
      diff(desired, {.bridges = desired.bridges}),
      (Steps{CreateDevice{"to-br0", model::PatchDevice{"to-br1"}}, AttachPort{"to-br0", "br1", first_port},
             AttachPort{"to-br1", "br0", first_port}, SetAdminState{"to-br0", true}, SetAdminState{"to-br1", true}}));
  EXPECT_EQ(diff(desired, two_bridges_built(desired)), Steps{});
}

TEST(Diff, makes_no_patch_whose_other_end_is_not_wanted) {
  auto desired = two_bridges_with_a_patch();
  desired.devices.erase("to-br1");
  EXPECT_EQ(diff(desired, {.bridges = desired.bridges}), Steps{});
}

TEST(Diff, takes_both_ends_of_a_patch_away_though_only_one_of_them_changed) {
  auto desired = two_bridges_with_a_patch();
  const auto observed = two_bridges_built(desired);
  desired.devices.erase("to-br1");
  model::Scope changed{.devices = {"to-br1"}};
  EXPECT_EQ(Differ().diff(desired, observed, changed),
            (Steps{DetachPort{21, "to-br0"}, DetachPort{22, "to-br1"}, DeleteDevice{"to-br0"}}));
}

TEST(Explain, says_what_happens_to_which_device) {
  const Port access{.ofport = 3, .vlan = {.mode = PortVlan::Mode::access, .tag = 10}};
  EXPECT_EQ(explain(AttachPort{"veth0", "lu-br0", access}), "attach veth0 to lu-br0 (port 3, access VLAN 10)");
  const Port native{.ofport = 4, .vlan = {.mode = PortVlan::Mode::native_untagged, .tag = 10, .vlans = {10, 20}}};
  EXPECT_EQ(explain(SetPort{"veth0", "lu-br0", native}),
            "change veth0 in lu-br0 (port 4, trunk, native VLAN 10 untagged, only VLANs 10, 20)");
  EXPECT_EQ(explain(SetBridge{"lu-br0", {.flood_vlans = {7}}}),
            "change bridge lu-br0 (ageing 300 s, 8192 addresses at most, floods VLAN 7)");
  EXPECT_EQ(explain(DetachPort{7, ""}), "forget the port of device number 7, which is gone");
  EXPECT_EQ(explain(SetAdminState{"lu-br0", true}), "set lu-br0 up");
}

TEST(SubjectOf, is_the_device_or_the_bridge) {
  EXPECT_EQ(subject_of(AttachPort{"veth0", "lu-br0", first_port}), "veth0");
  EXPECT_EQ(subject_of(CreateBridge{"lu-br0", {}}), "lu-br0");
}

}  // namespace
}  // namespace weft::plan
