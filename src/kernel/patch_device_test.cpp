#include "kernel/patch_device.hpp"

#include "kernel/test_wire.hpp"

namespace weft::kernel {
namespace {

using model::PortVlan;
using Mode = PortVlan::Mode;

const std::string far = "patch-br-int-to-provnet-8f3c2a1e-5d64-4f0e-9d7c-2b1a6c9e0f33";  // As OVN names them.

// Host 1 is in lu-br0, host 2 in br1; a patch leads from "near" in the one to `far` in the other.
class PatchDeviceTest : public WiredSwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    desired_.bridges["br1"] = {};
    for (int number = 1; number <= 2; ++number) {
      add_wired_host();
      plug(number);
    }
    desired_.devices.at("vm2").bridge = "br1";
    desired_.devices["near"] = {
        .bridge = "lu-br0", .port = model::Port{.ofport = 10}, .made = model::PatchDevice{.peer = far}};
    desired_.devices[far] = {
        .bridge = "br1", .port = model::Port{.ofport = 20}, .made = model::PatchDevice{.peer = "near"}};
    converge();
  }
};

TEST_F(PatchDeviceTest, carries_frames_both_ways) {
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2"), 0);
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), (Arrived{{2, {tagged(to_all(1), 10)}}}));
  EXPECT_EQ(send(2, between(2, 1)), (Arrived{{1, {between(2, 1)}}}));
}

TEST_F(PatchDeviceTest, has_a_vlan_mode_at_each_end) {
  port("near").vlan = {.mode = Mode::access, .tag = 10};
  port(far).vlan = {.mode = Mode::access, .tag = 20};
  converge();
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), (Arrived{{2, {tagged(to_all(1), 20)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 20)), Arrived{});
}

TEST_F(PatchDeviceTest, carries_the_largest_frames) {
  for (const auto* device : {"vm1", "vm2"}) switch_->must_run(fmt::format("ip link set {} mtu 9000", device));
  for (const auto& host : hosts_) host->must_run("ip link set eth0 mtu 9000");
  hosts_[0]->must_run("ping -c 1 -W 1 -M do -s 8972 10.0.0.2");
}

TEST_F(PatchDeviceTest, is_found_again_after_a_restart) {
  reopen();
  EXPECT_EQ(converge(), 0U);
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2", 1), 0);
}

TEST_F(PatchDeviceTest, is_observed_by_the_names_of_its_ports) {
  const auto links = observe().links;
  EXPECT_EQ(links.at("near").made, model::MadeKind::patch);
  EXPECT_EQ(links.at("near").patch_peer, far);
  EXPECT_EQ(links.at(far).patch_peer, "near");
  EXPECT_FALSE(links.contains(patch_device_name(far)));
}

TEST_F(PatchDeviceTest, goes_when_one_of_its_ports_does) {
  const auto before = observe().links.size();
  desired_.devices.erase("near");
  desired_.devices.erase(far);
  converge();
  EXPECT_EQ(observe().links.size(), before - 2);
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2", 1), 1);
}

TEST_F(PatchDeviceTest, comes_again_where_somebody_deleted_it) {
  switch_->must_run(fmt::format("ip link delete {}", patch_device_name("near")));
  converge();
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2", 1), 0);
}

TEST_F(PatchDeviceTest, is_patched_anew_to_another_port) {
  desired_.devices["other"] = desired_.devices.at(far);
  desired_.devices.erase(far);
  desired_.devices.at("near").made = model::PatchDevice{.peer = "other"};
  converge();
  EXPECT_EQ(converge(), 0U);
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2", 1), 0);
}

TEST_F(PatchDeviceTest, of_which_a_crash_left_a_half_is_removed) {
  switch_->must_run(
      fmt::format("ip link add weft-0000000001 group {} type veth peer name weft-0000000002 && "
                  "ip link set weft-0000000002 group {}",
                  patch_group, patch_group));
  reopen();
  converge();
  EXPECT_NE(switch_->run("ip link show weft-0000000001 2>/dev/null"), 0);
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.2", 1), 0);
}

TEST_F(PatchDeviceTest, counts_what_passes) {
  send(1, to_all(1));
  send(2, to_all(2));
  const auto before = observe().links;
  for (int i = 0; i < 3; ++i) send(1, between(1, 2));
  const auto after = observe().links;
  const auto grown = [&](const std::string& device, auto member) {
    return after.at(device).statistics.*member - before.at(device).statistics.*member;
  };
  EXPECT_EQ(grown("near", &model::LinkStatistics::tx_packets), 3U);
  EXPECT_EQ(grown(far, &model::LinkStatistics::rx_packets), 3U);
}

}  // namespace
}  // namespace weft::kernel
