// The switch as the hosts see it: real frames between network namespaces.
#include "kernel/test_wire.hpp"

namespace weft::kernel {
namespace {

// Four hosts with a wire each: 1 and 2 are access ports of VLAN 10, 3 of VLAN 20, 4 is a trunk.
class ForwardingTest : public WiredSwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    for (int number = 1; number <= 4; ++number) {
      add_wired_host();
      plug(number, vlan_tags_[static_cast<std::size_t>(number)]);
    }
    converge();
  }

  static constexpr std::array<std::uint16_t, 5> vlan_tags_ = {0, 10, 10, 20, 0};
};

constexpr std::uint16_t priority_5 = 5 << 13;

TEST_F(ForwardingTest, floods_an_access_ports_frame_to_its_vlan_tagged_on_the_trunk) {
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{2, {to_all(1)}}, {4, {tagged(to_all(1), 10)}}}));
}

TEST_F(ForwardingTest, floods_a_trunks_frame_untagged_to_the_access_ports_of_its_vlan) {
  EXPECT_EQ(send(4, tagged(to_all(4), 10)), (Arrived{{1, {to_all(4)}}, {2, {to_all(4)}}}));
}

TEST_F(ForwardingTest, keeps_untagged_frames_of_a_trunk_away_from_access_ports) {
  EXPECT_EQ(send(4, to_all(4)), Arrived{});
  EXPECT_EQ(drops("vm4", WEFT_DROP_NO_RECEIVER), 0U) << "lu-br0, a trunk too, gets them";
}

TEST_F(ForwardingTest, sends_to_a_learned_address_alone) {
  send(2, to_all(2));
  EXPECT_EQ(send(1, between(1, 2)), (Arrived{{2, {between(1, 2)}}}));
}

TEST_F(ForwardingTest, adds_and_removes_the_tag_of_a_frame_with_one_receiver) {
  send(1, to_all(1));
  EXPECT_EQ(send(4, tagged(between(4, 1), 10)), (Arrived{{1, {between(4, 1)}}}));
  EXPECT_EQ(send(1, between(1, 4)), (Arrived{{4, {tagged(between(1, 4), 10)}}}));
}

TEST_F(ForwardingTest, learns_an_address_in_each_vlan_by_itself) {
  send(4, tagged(to_all(4), 10));
  EXPECT_EQ(send(3, between(3, 4)), (Arrived{{4, {tagged(between(3, 4), 20)}}})) << "flooded: unknown in VLAN 20";
  EXPECT_EQ(send(1, between(1, 4)), (Arrived{{4, {tagged(between(1, 4), 10)}}})) << "not flooded to host 2";
}

TEST_F(ForwardingTest, drops_tagged_frames_of_an_access_port) {
  const auto before = drops("vm1", WEFT_DROP_TAGGED_ON_ACCESS);
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), Arrived{});
  EXPECT_EQ(send(1, tagged(to_all(1), 20)), Arrived{});
  EXPECT_EQ(drops("vm1", WEFT_DROP_TAGGED_ON_ACCESS) - before, 2U);
}

TEST_F(ForwardingTest, takes_a_tag_with_only_a_priority_for_no_tag) {
  EXPECT_EQ(send(1, tagged(to_all(1), priority_5)),
            (Arrived{{2, {to_all(1)}}, {4, {tagged(to_all(1), priority_5 | 10)}}}));
}

TEST_F(ForwardingTest, keeps_the_priority_of_tagged_frames_between_trunks) {
  port("vm3") = {.ofport = 3};
  converge();
  const auto frame = tagged(to_all(4), priority_5 | 10);
  EXPECT_EQ(send(4, frame), (Arrived{{1, {to_all(4)}}, {2, {to_all(4)}}, {3, {frame}}}));
}

TEST_F(ForwardingTest, follows_an_address_that_moves) {
  send(2, to_all(2));
  send(4, tagged(to_all(2), 10));
  EXPECT_EQ(send(1, between(1, 2)), (Arrived{{4, {tagged(between(1, 2), 10)}}}));
}

TEST_F(ForwardingTest, forgets_the_addresses_of_a_port_that_changes_its_vlan) {
  send(2, to_all(2));
  EXPECT_TRUE(knows(host_mac(2)));
  port("vm2").vlan.tag = 20;
  converge();
  EXPECT_FALSE(knows(host_mac(2)));
  EXPECT_EQ(send(3, to_all(3)), (Arrived{{2, {to_all(3)}}, {4, {tagged(to_all(3), 20)}}}));
}

TEST_F(ForwardingTest, forgets_the_addresses_of_a_port_that_leaves) {
  send(2, to_all(2));
  unplug(2);
  converge();
  EXPECT_FALSE(knows(host_mac(2)));
  EXPECT_EQ(send(1, between(1, 2)), (Arrived{{4, {tagged(between(1, 2), 10)}}})) << "flooded, not lost";
}

TEST_F(ForwardingTest, forwards_reserved_frames_only_where_the_bridge_says_so) {
  const TestFrame stp{.from = host_mac(1), .to = *MacAddress::parse("01:80:c2:00:00:00")};
  EXPECT_EQ(send(1, stp), Arrived{});
  desired_.bridges.at("lu-br0").forward_bpdu = true;
  converge();
  EXPECT_EQ(send(1, stp), (Arrived{{2, {stp}}, {4, {tagged(stp, 10)}}}));
}

TEST_F(ForwardingTest, floods_past_a_port_whose_device_is_down) {
  switch_->must_run("ip link set vm2 down");
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{4, {tagged(to_all(1), 10)}}}));
  EXPECT_EQ(drops("vm2", WEFT_DROP_NOT_SENT), 1U);
}

TEST_F(ForwardingTest, hands_nothing_to_the_stack_of_the_switchs_own_host) {
  switch_->must_run("ip address add 10.0.0.200/24 dev vm1");
  EXPECT_EQ(lost_pings(*hosts_[0], "10.0.0.200", 1), 1);
}

TEST_F(ForwardingTest, lists_addresses_with_their_port_vlan_and_age) {
  send(1, to_all(1));
  const auto addresses = host_->addresses().value();
  const auto found = std::ranges::find(addresses, host_mac(1), &Address::mac);
  ASSERT_NE(found, addresses.end());
  EXPECT_EQ(found->vlan, 10);
  EXPECT_EQ(host_->ports().port(found->port).ofport, 1);
  EXPECT_LE(found->age_s, 5U);
}

TEST_F(ForwardingTest, counts_every_frame_in_the_statistics_of_its_ports_once) {
  send(2, to_all(2));
  send(1, to_all(1));
  const auto before = observe().links;
  for (int i = 0; i < 3; ++i) send(1, between(1, 2));
  send(1, to_all(1));
  const auto after = observe().links;
  const auto grown = [&](const std::string& device, auto member) {
    return after.at(device).statistics.*member - before.at(device).statistics.*member;
  };
  EXPECT_EQ(grown("vm1", &model::LinkStatistics::rx_packets), 4U);
  EXPECT_EQ(grown("vm2", &model::LinkStatistics::tx_packets), 4U);
  EXPECT_EQ(grown("vm2", &model::LinkStatistics::tx_bytes), 4U * 64U);
}

}  // namespace
}  // namespace weft::kernel
