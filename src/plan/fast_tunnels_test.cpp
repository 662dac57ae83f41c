#include "plan/fast_tunnels.hpp"

#include "plan/diff.hpp"

namespace weft::plan {
namespace {

constexpr int eth0 = 2, eth1 = 3;

model::Link vxlan_link(int ifindex, std::uint32_t vni, std::set<int> underlays = {eth0}) {
  return {.ifindex = ifindex,
          .kind = "vxlan",
          .vxlan = model::VxlanLink{.vni = vni, .dst_port = 4789, .ageing_s = 300},
          .underlays = std::move(underlays)};
}

class FastTunnelsTest : public testing::Test {
 protected:
  FastTunnelsTest() {
    desired_.bridges["br0"] = {};
    observed_.links["eth0"] = {.ifindex = eth0};
    observed_.links["eth1"] = {.ifindex = eth1};
  }
  void add(const std::string& device, model::Link link) {
    desired_.devices[device] = {.bridge = "br0", .port = model::Port{.ofport = 1}};
    observed_.links[device] = std::move(link);
  }
  std::optional<model::FastTunnel> find(const std::string& device) {
    FastTunnels tunnels;
    std::set<std::string> affected;
    std::set<int> underlays;
    for (const auto& [name, link] : observed_.links) tunnels.update(name, desired_, observed_, affected, underlays);
    return tunnels.find(device);
  }

  model::Desired desired_;
  model::Observed observed_;
};

TEST_F(FastTunnelsTest, a_vxlan_device_that_is_a_port_goes_fast) {
  add("vxlan0", vxlan_link(10, 42));
  EXPECT_EQ(find("vxlan0"), (model::FastTunnel{.vni = 42, .dst_port = 4789, .ageing_s = 300}));
  EXPECT_FALSE(find("eth0"));
}

TEST_F(FastTunnelsTest, only_the_kernel_knows_headers_with_extensions) {
  for (const auto member :
       {&model::VxlanLink::is_external, &model::VxlanLink::has_vni_filter, &model::VxlanLink::has_group_policy,
        &model::VxlanLink::has_gpe, &model::VxlanLink::has_remote_checksum}) {
    auto link = vxlan_link(10, 42);
    (*link.vxlan).*member = true;
    add("vxlan0", link);
    EXPECT_FALSE(find("vxlan0"));
  }
}

TEST_F(FastTunnelsTest, the_kernel_sends_where_the_outer_header_depends_on_the_inner_one) {
  for (const auto member : {&model::VxlanLink::inherits_tos, &model::VxlanLink::inherits_ttl}) {
    auto link = vxlan_link(10, 42);
    (*link.vxlan).*member = true;
    add("vxlan0", link);
    EXPECT_TRUE(find("vxlan0")->kernel_sends);
  }
}

TEST_F(FastTunnelsTest, the_kernel_sends_checksums_where_somebody_asked_for_them) {
  auto link = vxlan_link(10, 42);
  const auto remote = *IpAddress::parse("192.0.2.2");
  link.vxlan->sends_checksum = true;
  link.vxlan->remote = remote;
  add("vxlan0", link);
  EXPECT_FALSE(find("vxlan0")->kernel_sends) << "it is what the kernel does unasked";
  observed_.links.at("vxlan0").made = model::MadeKind::vxlan;
  desired_.devices.at("vxlan0").made =
      model::VxlanDevice{.vni = 42, .remotes = {remote}, .underlay = "eth0", .has_checksum = true};
  observed_.links.at("vxlan0").vxlan->underlay_ifindex = eth0;
  EXPECT_TRUE(find("vxlan0")->kernel_sends);
}

TEST_F(FastTunnelsTest, strict_remotes_are_known_to_the_datapath_fast_or_not) {
  const auto remote = *IpAddress::parse("192.0.2.2");
  add("vxlan0", vxlan_link(10, 42));
  auto& wanted = desired_.devices.at("vxlan0");
  wanted.made = model::VxlanDevice{.vni = 42, .remotes = {remote}, .underlay = "eth0", .has_strict_remotes = true};
  auto& link = observed_.links.at("vxlan0");
  link.made = model::MadeKind::vxlan;
  link.vxlan->remote = remote;
  link.vxlan->underlay_ifindex = eth0;
  EXPECT_EQ(find("vxlan0")->only_remotes, std::set{remote});
  EXPECT_TRUE(find("vxlan0")->may_go_fast);
  wanted.may_go_fast = false;
  EXPECT_EQ(find("vxlan0")->only_remotes, std::set{remote});
  EXPECT_FALSE(find("vxlan0")->may_go_fast);
  EXPECT_TRUE(find("vxlan0")->kernel_sends);
}

TEST_F(FastTunnelsTest, of_two_with_the_same_frames_neither_goes_fast) {
  add("vxlan0", vxlan_link(10, 42));
  add("vxlan1", vxlan_link(11, 42, {eth1}));
  EXPECT_FALSE(find("vxlan0"));
  EXPECT_FALSE(find("vxlan1"));
  desired_.devices.at("vxlan1").may_go_fast = false;
  EXPECT_TRUE(find("vxlan0"));
}

TEST_F(FastTunnelsTest, the_first_that_comes_and_the_last_that_goes_bring_and_take_the_filters) {
  add("vxlan0", vxlan_link(10, 42));
  add("vxlan1", vxlan_link(11, 43));
  const auto steps = diff(desired_, observed_);
  EXPECT_EQ(std::ranges::count(steps, Step(AttachUnderlay{.ifindex = eth0, .device = "eth0"})), 1);

  observed_.underlays[eth0] = {.device = "eth0", .attached = true};
  desired_.devices.erase("vxlan0");
  const Step detach = DetachUnderlay{.ifindex = eth0, .device = "eth0"};
  EXPECT_EQ(std::ranges::count(diff(desired_, observed_), detach), 0);
  desired_.devices.at("vxlan1").may_go_fast = false;
  EXPECT_EQ(std::ranges::count(diff(desired_, observed_), detach), 1);
}

TEST_F(FastTunnelsTest, filters_that_somebody_took_away_come_again) {
  add("vxlan0", vxlan_link(10, 42));
  observed_.underlays[eth0] = {.device = "eth0", .attached = false};
  EXPECT_EQ(std::ranges::count(diff(desired_, observed_), Step(AttachUnderlay{.ifindex = eth0, .device = "eth0"})), 1);
}

}  // namespace
}  // namespace weft::plan
