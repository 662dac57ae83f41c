#include "kernel/port_table.hpp"

namespace weft::kernel {
namespace {

constexpr auto always = [](Slot) { return true; };

// Small arrays in ordinary memory: room for seven ports and three bridges.
class PortTableTest : public testing::Test {
 protected:
  PortTableTest() { table_.allow_reuse(); }

  BridgeId add_bridge(const std::string& name) {
    EXPECT_TRUE(table_.add_bridge(name, {}));
    return table_.find_bridge(name).value_or(0);
  }
  Result<Slot> try_add_port(BridgeId bridge, std::uint32_t ifindex) {
    weft_port port{};
    port.ifindex = port.device = ifindex;
    port.bridge = bridge;
    return table_.add_port(port);
  }
  Slot add_port(BridgeId bridge, std::uint32_t ifindex) { return try_add_port(bridge, ifindex).value_or(0); }
  // The devices that a flood in the bridge visits.
  std::multiset<std::uint32_t> flooded(BridgeId bridge) const {
    std::multiset<std::uint32_t> devices;
    auto slot = bridges_[bridge].first_port;
    for (std::size_t i = 0; i < ports_.size() && slot != 0; ++i, slot = ports_[slot].next) {
      if (ports_[slot].ifindex != 0) devices.insert(ports_[slot].ifindex);
    }
    return devices;
  }

  std::array<weft_port, 8> ports_{};
  std::array<weft_bridge, 4> bridges_{};
  PortTable table_{ports_, bridges_};
};

using Devices = std::multiset<std::uint32_t>;

TEST_F(PortTableTest, floods_to_every_port_of_a_bridge_once) {
  const auto one = add_bridge("one");
  const auto two = add_bridge("two");
  add_port(one, 11);
  add_port(two, 12);
  add_port(one, 13);
  EXPECT_EQ(flooded(one), (Devices{11, 13}));
  EXPECT_EQ(flooded(two), (Devices{12}));
}

TEST_F(PortTableTest, removes_first_middle_and_last_ports) {
  for (const std::uint32_t removed : {11, 12, 13}) {
    const auto bridge = add_bridge("br");
    for (const std::uint32_t ifindex : {11, 12, 13}) add_port(bridge, ifindex);
    Devices others{11, 12, 13};
    others.erase(removed);
    table_.remove_port(table_.find_port(static_cast<int>(removed)));
    EXPECT_EQ(flooded(bridge), others);
    for (const auto slot : table_.ports_in_use()) table_.remove_port(slot);
    table_.remove_bridge(bridge);
    table_.allow_reuse();
  }
}

TEST_F(PortTableTest, lets_a_flood_go_on_from_a_port_that_is_just_removed) {
  const auto bridge = add_bridge("br");
  const auto last = add_port(bridge, 11);
  const auto middle = add_port(bridge, 12);
  add_port(bridge, 13);
  table_.remove_port(middle);
  EXPECT_EQ(ports_[middle].next, last);
  EXPECT_EQ(ports_[middle].bridge, bridge);
}

TEST_F(PortTableTest, takes_a_slot_again_only_when_no_address_names_it_any_more) {
  const auto bridge = add_bridge("br");
  const auto slot = add_port(bridge, 11);
  table_.allow_reuse();  // Says nothing about the slots in use.
  table_.remove_port(slot);
  EXPECT_NE(add_port(bridge, 12), slot);
  table_.allow_reuse();
  EXPECT_EQ(add_port(bridge, 13), slot);
}

TEST_F(PortTableTest, refuses_more_ports_than_there_are_slots) {
  const auto bridge = add_bridge("br");
  for (std::uint32_t i = 1; i < ports_.size(); ++i) EXPECT_TRUE(try_add_port(bridge, i));
  const auto refused = try_add_port(bridge, 99);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details, "the datapath holds 7 ports at most");
}

TEST_F(PortTableTest, refuses_more_bridges_than_there_are_slots) {
  for (const auto* name : {"a", "b", "c"}) add_bridge(name);
  EXPECT_FALSE(table_.add_bridge("d", {}));
  table_.remove_bridge(*table_.find_bridge("b"));
  EXPECT_TRUE(table_.add_bridge("d", {}));
}

TEST_F(PortTableTest, refuses_a_bridge_name_that_is_no_device_name) {
  EXPECT_FALSE(table_.add_bridge("", {}));
  EXPECT_FALSE(table_.add_bridge("sixteen-bytes-xx", {}));
  EXPECT_TRUE(table_.add_bridge("fifteen-bytes-x", {}));
}

TEST_F(PortTableTest, does_not_mistake_the_beginning_of_a_name_for_the_name) {
  add_bridge("lu-br0");
  EXPECT_FALSE(table_.find_bridge("lu-br"));
  EXPECT_FALSE(table_.find_bridge("lu-br00"));
}

TEST_F(PortTableTest, copies_the_bridges_settings_to_old_and_new_ports) {
  const auto bridge = add_bridge("br");
  const auto old_port = add_port(bridge, 11);
  table_.set_bridge(bridge, {.ageing_s = 60, .forward_bpdu = true});
  const auto new_port = add_port(bridge, 12);
  for (const auto slot : {old_port, new_port}) {
    EXPECT_EQ(ports_[slot].ageing_ticks, ticks_of_seconds(60));
    EXPECT_EQ(ports_[slot].flags, WEFT_PORT_FORWARD_BPDU);
  }
  table_.set_bridge(bridge, {.ageing_s = 60, .forward_bpdu = false});
  EXPECT_EQ(ports_[old_port].flags, 0);
}

TEST_F(PortTableTest, changes_one_flag_and_leaves_the_others) {
  const auto slot = add_port(add_bridge("br"), 11);
  table_.set_flag(slot, WEFT_PORT_TO_PEER, true);
  table_.set_flag(slot, WEFT_PORT_PROMISCUOUS, true);
  table_.set_flag(slot, WEFT_PORT_TO_PEER, false);
  EXPECT_EQ(ports_[slot].flags, WEFT_PORT_PROMISCUOUS);
}

TEST_F(PortTableTest, repair_changes_nothing_that_is_whole) {
  const auto bridge = add_bridge("br");
  for (const std::uint32_t ifindex : {11, 12, 13}) add_port(bridge, ifindex);
  PortTable(ports_, bridges_).repair(always);
  EXPECT_EQ(flooded(bridge), (Devices{11, 12, 13}));
}

TEST_F(PortTableTest, repair_frees_a_port_that_was_filled_but_not_linked) {
  const auto bridge = add_bridge("br");
  add_port(bridge, 11);
  ports_[5].bridge = bridge;
  ports_[5].ifindex = 12;
  PortTable(ports_, bridges_).repair(always);
  EXPECT_EQ(flooded(bridge), (Devices{11}));
  EXPECT_EQ(table_.find_port(12), 0U);
  EXPECT_EQ(ports_[5].ifindex, 0U);
}

TEST_F(PortTableTest, repair_unlinks_a_port_that_frames_cannot_enter_by) {
  const auto bridge = add_bridge("br");
  add_port(bridge, 11);
  const auto half = add_port(bridge, 12);
  add_port(bridge, 13);
  PortTable(ports_, bridges_).repair([&](Slot slot) { return slot != half; });
  EXPECT_EQ(flooded(bridge), (Devices{11, 13}));
  EXPECT_EQ(ports_[half].ifindex, 0U);
}

TEST_F(PortTableTest, repair_ends_for_a_list_in_a_circle) {
  const auto bridge = add_bridge("br");
  const auto first = add_port(bridge, 11);
  add_port(bridge, 12);
  ports_[first].next = first;
  PortTable(ports_, bridges_).repair(always);
  EXPECT_EQ(flooded(bridge), (Devices{11, 12}));
}

TEST(Ticks, are_never_shorter_than_the_seconds_they_stand_for) {
  for (const std::uint32_t seconds : {0U, 1U, 15U, 300U, 3600U, 1'000'000U}) {
    EXPECT_GE(seconds_of_ticks(ticks_of_seconds(seconds)), seconds);
    EXPECT_LE(seconds_of_ticks(ticks_of_seconds(seconds)), seconds + 1);
  }
}

}  // namespace
}  // namespace weft::kernel
