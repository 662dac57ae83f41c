#include "plan/vxlan_steps.hpp"

#include "plan/diff.hpp"

namespace weft::plan {
namespace {

using model::Desired;
using model::Device;
using model::Link;
using model::MadeKind;
using model::Observed;
using model::Port;
using model::TunnelState;
using model::VxlanDevice;
using model::VxlanLink;

const IpAddress two = *IpAddress::parse("10.0.0.2"), three = *IpAddress::parse("10.0.0.3");
const Port tunnel_port{.ofport = 1};

VxlanDevice tunnel_to(std::set<IpAddress> remotes) { return {.vni = 7, .remotes = std::move(remotes)}; }

Desired with(std::map<std::string, VxlanDevice> tunnels) {
  Desired desired{.bridges = {{"br0", {}}}};
  for (auto& [name, tunnel] : tunnels) {
    desired.devices[name] = Device{.bridge = "br0", .port = tunnel_port, .made = std::move(tunnel)};
  }
  return desired;
}

// br0 with vx0, a tunnel to `remotes`.
Observed built(std::set<IpAddress> remotes) {
  Observed observed{.bridges = {{"br0", {}}}};
  Link link{.ifindex = 11, .kind = "vxlan", .mtu_bytes = 1450, .admin_up = true, .made = MadeKind::vxlan};
  link.vxlan = VxlanLink{.vni = 7, .dst_port = 4789, .remote = *remotes.begin(), .df = model::VxlanDf::set};
  link.tunnel = TunnelState{.remotes = remotes};
  for (const auto& remote : remotes) link.tunnel->paths[remote] = {.device = "eth0", .mtu_bytes = 1500};
  observed.links["vx0"] = link;
  observed.ports[11] = {.device = "vx0",
                        .bridge = "br0",
                        .port = tunnel_port,
                        .attached = true,
                        .promiscuous = true,
                        .mtu_bytes = 1450,
                        .leads_elsewhere = true};
  return observed;
}

Steps made(const std::string& device, VxlanDevice settings) {
  settings.mtu_bytes = 1450;
  return {
      CreateDevice{device, settings},
      AttachPort{.device = device, .bridge = "br0", .port = tunnel_port, .mtu_bytes = 1450, .leads_elsewhere = true},
      SetAdminState{device, true}};
}

TEST(VxlanSteps, are_none_for_a_tunnel_that_is_as_wanted) {
  EXPECT_EQ(diff(with({{"vx0", tunnel_to({two, three})}}), built({two, three})), Steps{});
}

TEST(VxlanSteps, make_a_tunnel_and_set_it_up_when_its_port_is_attached) {
  EXPECT_EQ(diff(with({{"vx0", tunnel_to({two})}}), {.bridges = {{"br0", {}}}}), made("vx0", tunnel_to({two})));
}

TEST(VxlanSteps, change_the_remotes_in_place) {
  EXPECT_EQ(diff(with({{"vx0", tunnel_to({two, three})}}), built({two})), (Steps{SetRemotes{"vx0", {two, three}}}));
  // The device itself names one of them.
  EXPECT_EQ(diff(with({{"vx0", tunnel_to({three})}}), built({two, three})),
            (Steps{SetVxlan{"vx0", tunnel_to({three})}, SetRemotes{"vx0", {three}}}));
}

TEST(VxlanSteps, flood_to_who_was_heard_up_to_the_limit) {
  auto observed = built({two});
  observed.links["vx0"].tunnel->heard = {three};
  EXPECT_EQ(diff(with({{"vx0", tunnel_to({two})}}), observed), (Steps{SetRemotes{"vx0", {two, three}}}));

  auto& heard = observed.links["vx0"].tunnel->heard;
  for (std::size_t i = 0; i < model::most_remotes; ++i) {
    heard.insert(IpAddress(
        std::array<std::uint8_t, 4>{9, 0, static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i % 256)}));
  }
  const auto steps = diff(with({{"vx0", tunnel_to({two})}}), observed);
  ASSERT_EQ(steps.size(), 1U);
  const auto& remotes = std::get<SetRemotes>(steps.front()).remotes;
  EXPECT_EQ(remotes.size(), model::most_remotes);
  EXPECT_TRUE(remotes.contains(two));
}

TEST(VxlanSteps, do_not_flood_to_others_than_a_group_or_strict_remotes) {
  auto strict = tunnel_to({two});
  strict.has_strict_remotes = true;
  auto observed = built({two});
  observed.links["vx0"].tunnel->heard = {three};
  EXPECT_EQ(diff(with({{"vx0", strict}}), observed), Steps{});
}

TEST(VxlanSteps, follow_the_narrowest_way) {
  auto observed = built({two, three});
  observed.links["vx0"].tunnel->paths[three].mtu_bytes = 1400;
  EXPECT_EQ(
      diff(with({{"vx0", tunnel_to({two, three})}}), observed),
      (Steps{
          SetMtu{"vx0", 1350},
          SetPort{.device = "vx0", .bridge = "br0", .port = tunnel_port, .mtu_bytes = 1350, .leads_elsewhere = true}}));

  auto desired = with({{"vx0", tunnel_to({two, three})}});
  desired.devices["vx0"].requested_mtu_bytes = 1450;
  EXPECT_EQ(diff(desired, observed), Steps{});
}

// As the last step gives it.
std::uint16_t carried(const Desired& desired, const Observed& observed) {
  const auto steps = diff(desired, observed);
  return steps.empty() ? observed.ports.at(11).mtu_bytes : std::get<SetPort>(steps.back()).mtu_bytes;
}

TEST(VxlanSteps, carry_what_the_device_takes_and_fits_the_way) {
  auto desired = with({{"vx0", tunnel_to({two})}});
  auto observed = built({two});
  EXPECT_EQ(carried(desired, observed), 1450);
  observed.links["vx0"].way_mtu_bytes = 1400;
  EXPECT_EQ(carried(desired, observed), 1350);
  observed.links["vx0"].vxlan->is_ipv6 = true;
  observed.links["vx0"].made = {};
  desired.devices["vx0"].made = {};
  EXPECT_EQ(carried(desired, observed), 1330) << "an operator's device, over IPv6";
  observed.links["vx0"].way_mtu_bytes = 9000;
  EXPECT_EQ(carried(desired, observed), 1450);
}

TEST(VxlanSteps, carry_more_than_fits_the_way_only_where_it_was_asked_for_and_may_be_fragmented) {
  auto desired = with({{"vx0", tunnel_to({two})}});
  auto observed = built({two});
  observed.links["vx0"].way_mtu_bytes = 1500;
  desired.devices["vx0"].requested_mtu_bytes = observed.links["vx0"].mtu_bytes = 1500;
  EXPECT_EQ(carried(desired, observed), 1450);
  desired.devices["vx0"].vxlan()->df = model::VxlanDf::unset;
  EXPECT_EQ(carried(desired, observed), 1500);
}

TEST(VxlanSteps, judge_no_packets_to_other_devices) {
  Observed observed{.bridges = {{"br0", {}}}};
  observed.links["veth0"] = {.ifindex = 11, .kind = "veth", .mtu_bytes = 1400};
  Desired desired{.bridges = {{"br0", {}}}};
  desired.devices["veth0"] = Device{.bridge = "br0", .port = tunnel_port};
  const auto steps = diff(desired, observed);
  EXPECT_EQ(std::get<AttachPort>(steps.front()).mtu_bytes, 0);
}

TEST(VxlanSteps, make_a_tunnel_anew_for_another_vni) {
  auto other = tunnel_to({two});
  other.vni = 8;
  auto expected = made("vx0", other);
  expected.insert(expected.begin(), {DetachPort{11, "vx0"}, DeleteDevice{"vx0"}});
  EXPECT_EQ(diff(with({{"vx0", other}}), built({two})), expected);
}

TEST(VxlanSteps, wait_for_the_underlay_device) {
  auto wanted = tunnel_to({two});
  wanted.underlay = "eth0";
  Observed observed{.bridges = {{"br0", {}}}};
  EXPECT_EQ(diff(with({{"vx0", wanted}}), observed), Steps{});
  observed.links["eth0"] = {.ifindex = 2, .mtu_bytes = 1500};
  EXPECT_EQ(diff(with({{"vx0", wanted}}), observed), made("vx0", wanted));
}

TEST(VxlanSteps, do_not_put_a_tunnel_over_a_device_that_goes_or_is_a_tunnel) {
  auto wanted = tunnel_to({two});
  wanted.vni = 8;
  wanted.underlay = "vx0";
  EXPECT_EQ(diff(with({{"vx0", tunnel_to({two})}, {"vx1", wanted}}), built({two})), Steps{});
  auto observed = built({two});
  observed.links["vx0"].made = MadeKind::internal;
  EXPECT_EQ(diff(with({{"vx1", wanted}}), observed), (Steps{DetachPort{11, "vx0"}, DeleteDevice{"vx0"}}));
}

TEST(VxlanSteps, give_a_vni_to_one_device_only) {
  auto observed = built({two});
  const auto desired = with({{"vx0", tunnel_to({two})}, {"vx1", tunnel_to({three})}});
  EXPECT_EQ(diff(desired, observed), Steps{});
  EXPECT_EQ(diff(desired, {.bridges = {{"br0", {}}}}), made("vx0", tunnel_to({two})));
  // One that goes frees it.
  auto expected = made("vx1", tunnel_to({three}));
  expected.insert(expected.begin(), {DetachPort{11, "vx0"}, DeleteDevice{"vx0"}});
  EXPECT_EQ(diff(with({{"vx1", tunnel_to({three})}}), observed), expected);
  // One that we did not make stays.
  observed.links["vx0"].made = {};
  observed.ports.clear();
  EXPECT_EQ(diff(with({{"vx1", tunnel_to({three})}}), observed), Steps{});
}

TEST(TunnelIndex, names_who_has_the_vni_and_knows_when_it_is_free) {
  const auto desired = with({{"vx0", tunnel_to({two})}, {"vx1", tunnel_to({three})}});
  auto observed = built({two});
  Differ differ;
  model::Scope changed;
  changed.add(desired);
  changed.add(observed);
  differ.diff(desired, observed, changed);
  ASSERT_NE(differ.tunnels().find_rival("vx1", desired, observed), nullptr);
  EXPECT_EQ(*differ.tunnels().find_rival("vx1", desired, observed), "vx0");
  EXPECT_EQ(differ.tunnels().find_rival("vx0", desired, observed), nullptr);

  const auto alone = with({{"vx1", tunnel_to({three})}});
  changed = {.devices = {"vx0"}};
  const auto steps = differ.diff(alone, observed, changed);
  EXPECT_TRUE(changed.devices.contains("vx1"));
  EXPECT_TRUE(std::ranges::any_of(steps, [](const auto& step) { return subject_of(step) == "vx1"; }));
}

}  // namespace
}  // namespace weft::plan
