// VLAN modes as the hosts see them: real frames, tagged and not, between network namespaces. What is expected is what
// Open vSwitch 3.1 does with vlan-limit 2.
#include "kernel/test_wire.hpp"

namespace weft::kernel {
namespace {

using model::PortVlan;
using Mode = PortVlan::Mode;

constexpr std::uint16_t priority_3 = 3 << 13, priority_5 = 5 << 13;

// Host N is port N; every port a trunk unless a test says otherwise.
class VlanTest : public WiredSwitchTest {
 protected:
  void connect(const std::vector<PortVlan>& vlans) {
    for (std::size_t i = 0; i < vlans.size(); ++i) {
      const auto number = static_cast<int>(i) + 1;
      add_wired_host();
      plug(number);
      set(number, vlans[i]);
    }
    converge();
  }
  void set(int number, const PortVlan& vlan) { port(fmt::format("vm{}", number)).vlan = vlan; }
  static TestFrame double_tagged(TestFrame frame, std::uint16_t outer, std::uint16_t inner,
                                 std::uint16_t type = 0x8100) {
    frame.tag = outer;
    frame.inner_tag = inner;
    frame.tag_type = type;
    return frame;
  }
  static TestFrame typed(TestFrame frame, std::uint16_t type) {
    frame.tag_type = type;
    return frame;
  }
};

constexpr std::uint16_t service_type = 0x88a8;
const PortVlan trunk = {}, access_10 = {.mode = Mode::access, .tag = 10}, access_0 = {.mode = Mode::access};
const PortVlan native_tagged_10 = {.mode = Mode::native_tagged, .tag = 10};
const PortVlan native_untagged_10 = {.mode = Mode::native_untagged, .tag = 10};
const PortVlan tunnel_10 = {.mode = Mode::tunnel, .tag = 10};

TEST_F(VlanTest, a_limited_trunk_takes_and_sends_its_vlans_only) {
  connect({trunk, {.vlans = {10, 4095}}, access_0});
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), (Arrived{{2, {tagged(to_all(1), 10)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 4095)), (Arrived{{2, {tagged(to_all(1), 4095)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 11)), Arrived{});
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{3, {to_all(1)}}}));
  EXPECT_EQ(send(2, tagged(to_all(2), 10)), (Arrived{{1, {tagged(to_all(2), 10)}}}));
  const auto before = drops("vm2", WEFT_DROP_VLAN_NOT_CARRIED);
  EXPECT_EQ(send(2, tagged(to_all(2), 11)), Arrived{});
  EXPECT_EQ(send(2, to_all(2)), Arrived{});
  EXPECT_EQ(drops("vm2", WEFT_DROP_VLAN_NOT_CARRIED) - before, 2U);
}

TEST_F(VlanTest, a_limited_trunk_that_names_vlan_0_carries_untagged_frames) {
  connect({trunk, {.vlans = {0}}});
  EXPECT_EQ(send(2, to_all(2)), (Arrived{{1, {to_all(2)}}}));
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{2, {to_all(1)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), Arrived{});
}

TEST_F(VlanTest, an_access_port_of_vlan_0_has_the_untagged_frames_of_trunks) {
  connect({access_0, trunk, access_10});
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{2, {to_all(1)}}}));
  EXPECT_EQ(send(2, to_all(2)), (Arrived{{1, {to_all(2)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), Arrived{});
}

TEST_F(VlanTest, a_native_port_takes_untagged_frames_for_its_native_vlan) {
  connect({native_tagged_10, native_untagged_10, trunk, access_10});
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{2, {to_all(1)}}, {3, {tagged(to_all(1), 10)}}, {4, {to_all(1)}}}));
  EXPECT_EQ(send(2, to_all(2)),
            (Arrived{{1, {tagged(to_all(2), 10)}}, {3, {tagged(to_all(2), 10)}}, {4, {to_all(2)}}}));
  EXPECT_EQ(send(4, to_all(4)),
            (Arrived{{1, {tagged(to_all(4), 10)}}, {2, {to_all(4)}}, {3, {tagged(to_all(4), 10)}}}));
}

TEST_F(VlanTest, a_native_port_takes_its_native_vlan_tagged_too_and_others_as_they_are) {
  connect({native_tagged_10, native_untagged_10, trunk});
  EXPECT_EQ(send(2, tagged(to_all(2), 10)), (Arrived{{1, {tagged(to_all(2), 10)}}, {3, {tagged(to_all(2), 10)}}}));
  EXPECT_EQ(send(3, tagged(to_all(3), 20)), (Arrived{{1, {tagged(to_all(3), 20)}}, {2, {tagged(to_all(3), 20)}}}));
  EXPECT_EQ(send(3, to_all(3)), Arrived{}) << "VLAN 0 would be taken for the native one";
}

TEST_F(VlanTest, a_limited_native_port_keeps_to_its_vlans) {
  auto limited = native_untagged_10;
  limited.vlans = {10, 20};
  connect({limited, trunk});
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{2, {tagged(to_all(1), 10)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 20)), (Arrived{{2, {tagged(to_all(1), 20)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 30)), Arrived{});
  EXPECT_EQ(send(2, tagged(to_all(2), 10)), (Arrived{{1, {to_all(2)}}}));
  EXPECT_EQ(send(2, tagged(to_all(2), 30)), Arrived{});
}

TEST_F(VlanTest, sends_to_the_one_port_of_a_known_address_in_the_ports_own_form) {
  connect({native_untagged_10, trunk, tunnel_10});
  send(2, tagged(to_all(2), 10));
  EXPECT_EQ(send(1, between(1, 2)), (Arrived{{2, {tagged(between(1, 2), 10)}}}));
  send(3, tagged(to_all(3), 30));
  EXPECT_EQ(send(2, double_tagged(between(2, 3), 10, 30)), (Arrived{{3, {tagged(between(2, 3), 30)}}}));
}

TEST_F(VlanTest, a_tunnel_carries_customers_frames_inside_its_vlan) {
  connect({tunnel_10, tunnel_10, trunk, native_untagged_10});
  const auto tagged_20 = tagged(to_all(1), priority_5 | 20);
  EXPECT_EQ(send(1, tagged_20), (Arrived{{2, {tagged_20}},
                                         {3, {double_tagged(to_all(1), 10, priority_5 | 20, service_type)}},
                                         {4, {tagged_20}}}));
  EXPECT_EQ(send(1, to_all(1)),
            (Arrived{{2, {to_all(1)}}, {3, {typed(tagged(to_all(1), 10), service_type)}}, {4, {to_all(1)}}}));
}

TEST_F(VlanTest, a_tunnel_gives_back_what_comes_in_its_vlan_of_either_type) {
  connect({tunnel_10, trunk});
  for (const std::uint16_t type : {std::uint16_t{0x8100}, service_type}) {
    EXPECT_EQ(send(2, double_tagged(to_all(2), 10, 20, type)), (Arrived{{1, {tagged(to_all(2), 20)}}}));
    EXPECT_EQ(send(2, typed(tagged(to_all(2), 10), type)), (Arrived{{1, {to_all(2)}}}));
  }
  EXPECT_EQ(send(2, double_tagged(to_all(2), 11, 20, service_type)), Arrived{});
}

TEST_F(VlanTest, a_tunnels_vlan_has_the_type_that_was_asked_for) {
  auto tunnel = tunnel_10;
  tunnel.service_is_8021q = true;
  connect({tunnel, trunk});
  EXPECT_EQ(send(1, tagged(to_all(1), 20)), (Arrived{{2, {double_tagged(to_all(1), 10, 20)}}}));
}

TEST_F(VlanTest, a_tunnel_limited_to_some_customers_keeps_to_them) {
  auto limited = tunnel_10;
  limited.vlans = {30, 31};
  connect({limited, tunnel_10, trunk});
  EXPECT_EQ(send(1, tagged(to_all(1), 20)), Arrived{});
  EXPECT_EQ(send(1, to_all(1)), Arrived{});
  EXPECT_EQ(send(1, tagged(to_all(1), 31)),
            (Arrived{{2, {tagged(to_all(1), 31)}}, {3, {double_tagged(to_all(1), 10, 31, service_type)}}}));
  EXPECT_EQ(send(3, double_tagged(to_all(3), 10, 20)), (Arrived{{2, {tagged(to_all(3), 20)}}}));
  EXPECT_EQ(send(3, double_tagged(to_all(3), 10, 30)),
            (Arrived{{1, {tagged(to_all(3), 30)}}, {2, {tagged(to_all(3), 30)}}}));
}

TEST_F(VlanTest, an_access_port_neither_sends_nor_takes_a_customers_tag) {
  connect({access_10, trunk, tunnel_10});
  EXPECT_EQ(send(2, double_tagged(to_all(2), 10, 20)), (Arrived{{3, {tagged(to_all(2), 20)}}}));
  EXPECT_EQ(send(3, tagged(to_all(3), 20)), (Arrived{{2, {double_tagged(to_all(3), 10, 20, service_type)}}}));
  const auto before = drops("vm1", WEFT_DROP_TAGGED_ON_ACCESS);
  EXPECT_EQ(send(1, double_tagged(to_all(1), priority_5, 20)), Arrived{}) << "hidden behind a tag of VLAN 0";
  EXPECT_EQ(drops("vm1", WEFT_DROP_TAGGED_ON_ACCESS) - before, 1U);
}

TEST_F(VlanTest, keeps_the_type_of_a_tag_between_trunks) {
  connect({trunk, trunk, access_10});
  const auto frame = typed(tagged(to_all(1), 10), service_type);
  EXPECT_EQ(send(1, frame), (Arrived{{2, {frame}}, {3, {to_all(1)}}}));
  const auto stacked = double_tagged(to_all(1), 10, 20, service_type);
  EXPECT_EQ(send(1, stacked), (Arrived{{2, {stacked}}}));
}

TEST_F(VlanTest, tells_a_customers_priority_inside_the_tunnel) {
  connect({tunnel_10, tunnel_10, trunk, access_10});
  const auto frame = tagged(to_all(1), priority_5);
  EXPECT_EQ(send(1, frame),
            (Arrived{{2, {frame}}, {3, {double_tagged(to_all(1), 10, priority_5, service_type)}}, {4, {to_all(1)}}}));
  EXPECT_EQ(send(3, double_tagged(to_all(3), priority_3 | 10, priority_5)),
            (Arrived{{1, {tagged(to_all(3), priority_5)}}, {2, {tagged(to_all(3), priority_5)}}, {4, {to_all(3)}}}));
}

TEST_F(VlanTest, lets_the_priority_of_an_untagged_frame_through_between_trunks) {
  connect({trunk, trunk, access_0});
  EXPECT_EQ(send(1, tagged(to_all(1), priority_5)), (Arrived{{2, {tagged(to_all(1), priority_5)}}, {3, {to_all(1)}}}));
  EXPECT_EQ(send(3, tagged(to_all(3), priority_5)),
            (Arrived{{1, {tagged(to_all(3), priority_5)}}, {2, {tagged(to_all(3), priority_5)}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 0)), (Arrived{{2, {to_all(1)}}, {3, {to_all(1)}}}));
}

TEST_F(VlanTest, sends_priority_tags_where_they_are_asked_for) {
  auto access = access_10, native = native_untagged_10, tunnel = tunnel_10;
  for (auto* vlan : {&access, &native, &tunnel}) vlan->priority_tags = PortVlan::PriorityTags::if_nonzero;
  connect({trunk, access, native, tunnel});
  const auto with_priority = tagged(to_all(1), priority_5);
  EXPECT_EQ(send(1, tagged(to_all(1), priority_5 | 10)),
            (Arrived{{2, {with_priority}}, {3, {with_priority}}, {4, {with_priority}}}));
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), (Arrived{{2, {to_all(1)}}, {3, {to_all(1)}}, {4, {to_all(1)}}}));
}

TEST_F(VlanTest, keeps_empty_tags_where_that_is_asked_for) {
  connect({trunk,
           {.priority_tags = PortVlan::PriorityTags::always},
           {.priority_tags = PortVlan::PriorityTags::if_nonzero}});
  EXPECT_EQ(send(1, tagged(to_all(1), 0)), (Arrived{{2, {tagged(to_all(1), 0)}}, {3, {to_all(1)}}}));
  EXPECT_EQ(send(1, to_all(1)), (Arrived{{2, {to_all(1)}}, {3, {to_all(1)}}}));
}

TEST_F(VlanTest, learns_nothing_in_a_flood_vlan_and_floods_it) {
  connect({access_10, access_10, trunk});
  send(2, to_all(2));
  desired_.bridges.at("lu-br0").flood_vlans = {10};
  converge();
  EXPECT_FALSE(knows(host_mac(2))) << "what was learned there before is forgotten";
  send(2, to_all(2));
  EXPECT_FALSE(knows(host_mac(2)));
  EXPECT_EQ(send(1, between(1, 2)), (Arrived{{2, {between(1, 2)}}, {3, {tagged(between(1, 2), 10)}}}));
  send(3, tagged(to_all(3), 20));
  EXPECT_TRUE(knows(host_mac(3))) << "in other VLANs addresses are learned";
  desired_.bridges.at("lu-br0").flood_vlans = {};
  converge();
  send(2, to_all(2));
  EXPECT_EQ(send(1, between(1, 2)), (Arrived{{2, {between(1, 2)}}}));
}

TEST_F(VlanTest, finds_every_setting_again_after_a_restart) {
  auto limited = native_untagged_10, tunnel = tunnel_10;
  limited.vlans = {10, 20, 4095};
  limited.priority_tags = PortVlan::PriorityTags::always;
  tunnel.vlans = {0, 30};
  tunnel.service_is_8021q = true;
  desired_.bridges.at("lu-br0").flood_vlans = {0, 63, 64, 4095};
  connect({limited, tunnel, native_tagged_10, access_0});
  reopen();
  EXPECT_EQ(converge(), 0U);
}

TEST_F(VlanTest, changes_modes_in_place) {
  connect({trunk, {.vlans = {10}}});
  set(2, tunnel_10);
  converge();
  EXPECT_EQ(send(1, double_tagged(to_all(1), 10, 20)), (Arrived{{2, {tagged(to_all(1), 20)}}}));
  set(2, {.vlans = {20}});
  converge();
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), Arrived{});
  EXPECT_EQ(send(1, tagged(to_all(1), 20)), (Arrived{{2, {tagged(to_all(1), 20)}}}));
  set(2, trunk);
  converge();
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), (Arrived{{2, {tagged(to_all(1), 10)}}}));
  unplug(2);
  converge();
  plug(2);
  set(2, {.vlans = {20}});
  converge();
  EXPECT_EQ(send(1, tagged(to_all(1), 10)), Arrived{});
}

}  // namespace
}  // namespace weft::kernel
