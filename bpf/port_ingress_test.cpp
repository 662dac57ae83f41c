// The program alone, run by the kernel on made-up frames. What it sends is seen only as "one receiver" or "not one
// receiver"; real frames between real devices are in src/kernel/forwarding_test.cpp.
#include "bpf/datapath_fixture.hpp"

namespace weft
{
namespace
{

class PortIngress : public DatapathTest
{
};

TEST_F(PortIngress, learns_where_a_frame_came_from)
{
	run({.from = vm1}, 1);
	ASSERT_TRUE(find(vm1));
	EXPECT_EQ(find(vm1)->port, 1U);
	EXPECT_FALSE(find(vm2));
}

TEST_F(PortIngress, sends_to_the_one_port_of_a_learned_address)
{
	run({.from = vm2, .to = vm1}, 2);
	EXPECT_EQ(run({.from = vm1, .to = vm2}, 1), TC_ACT_REDIRECT);
}

TEST_F(PortIngress, finds_a_port_in_the_array_before_the_table)
{
	const std::uint32_t number = ifindex(1), slot = 1;
	ASSERT_EQ(bpf_map_delete_elem(bpf_map__fd(skeleton()->maps.port_slots), &number), 0);
	EXPECT_EQ(run({}), TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_NO_PORT), 1U);
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.near_slots), &number, &slot, BPF_ANY), 0);
	put(vm2, put_by_hand(2));
	EXPECT_EQ(run({}), TC_ACT_REDIRECT);
}

TEST_F(PortIngress, floods_to_an_address_that_it_does_not_know)
{
	EXPECT_EQ(run({.to = vm2}), TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_NO_RECEIVER), 0U);
}

TEST_F(PortIngress, floods_broadcast_even_if_somebody_claimed_that_address)
{
	put(everybody, put_by_hand(2, ~0U));
	EXPECT_EQ(run({.to = everybody}), TC_ACT_SHOT);
}

TEST_F(PortIngress, moves_an_address_to_the_port_it_sends_from_now)
{
	run({.from = vm1}, 1);
	run({.from = vm1}, 2);
	EXPECT_EQ(find(vm1)->port, 2U);
}

TEST_F(PortIngress, leaves_a_static_address_where_it_was_put)
{
	put(vm1, put_by_hand(2, 0));
	run({.from = vm1}, 1);
	EXPECT_EQ(find(vm1)->port, 2U);
}

TEST_F(PortIngress, does_not_let_a_static_address_age)
{
	put(vm2, put_by_hand(2, 0));
	EXPECT_EQ(run({.to = vm2}), TC_ACT_REDIRECT);
}

TEST_F(PortIngress, treats_an_address_past_the_ageing_time_as_unknown)
{
	run({.from = vm2, .to = vm1}, 2);
	grow_older(vm2, ageing_ticks - 2);
	EXPECT_EQ(run({.to = vm2}), TC_ACT_REDIRECT);
	grow_older(vm2, 4);
	EXPECT_EQ(run({.to = vm2}), TC_ACT_SHOT);
}

TEST_F(PortIngress, makes_an_address_young_again_when_it_sends)
{
	run({.from = vm2, .to = vm1}, 2);
	grow_older(vm2, 2 * ageing_ticks);
	run({.from = vm2, .to = vm1}, 2);
	EXPECT_EQ(run({.to = vm2}), TC_ACT_REDIRECT);
}

TEST_F(PortIngress, drops_a_frame_whose_destination_is_behind_the_same_port)
{
	run({.from = vm2, .to = vm1}, 1);
	EXPECT_EQ(run({.from = vm1, .to = vm2}, 1), TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_SAME_PORT), 1U);
}

TEST_F(PortIngress, drops_frames_that_are_reserved_for_the_link)
{
	Mac last{0x01, 0x80, 0xc2, 0, 0, 0x0f};
	Mac next{0x01, 0x80, 0xc2, 0, 0, 0x10};
	for (const auto &to : {stp, last, next})
		EXPECT_EQ(run({.to = to}), TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_RESERVED_DESTINATION), 2U);
}

TEST_F(PortIngress, does_not_learn_from_frames_that_are_reserved_for_the_link)
{
	run({.from = vm1, .to = stp});
	EXPECT_FALSE(find(vm1));
}

TEST_F(PortIngress, floods_reserved_frames_where_the_bridge_says_so)
{
	set_port(1, {.flags = WEFT_PORT_FORWARD_BPDU});
	run({.to = stp});
	EXPECT_EQ(drops(WEFT_DROP_RESERVED_DESTINATION), 0U);
	EXPECT_TRUE(find(vm1));
}

TEST_F(PortIngress, drops_frames_from_addresses_that_cannot_send)
{
	run({.from = Mac{}});
	run({.from = everybody});
	EXPECT_EQ(drops(WEFT_DROP_BAD_SOURCE), 2U);
	EXPECT_FALSE(find(Mac{}));
}

TEST_F(PortIngress, forwards_the_shortest_frame_that_the_kernel_hands_over)
{
	run({.from = vm2, .to = vm1}, 2);
	const int verdict = run({.size_bytes = 14});
	EXPECT_TRUE(verdict == TC_ACT_REDIRECT || verdict == -EINVAL) << verdict;
	EXPECT_EQ(run({.size_bytes = 13}), -EINVAL);
}

TEST_F(PortIngress, drops_frames_of_a_device_that_is_no_port)
{
	EXPECT_EQ(run_on_device({}, ::if_nametoindex("end1")), TC_ACT_SHOT);
	EXPECT_EQ(drops_on_device(WEFT_DROP_NO_PORT, ::if_nametoindex("end1")), 1U);
}

TEST_F(PortIngress, keeps_the_addresses_of_vlans_apart)
{
	set_port(1, {.tag = 10});
	run({.from = vm1}, 1);
	EXPECT_TRUE(find(vm1, 10));
	EXPECT_FALSE(find(vm1, 0));
}

TEST_F(PortIngress, has_no_receiver_where_no_other_port_carries_the_vlan)
{
	set_port(1, {.tag = 10});
	set_port(2, {.tag = 20});
	EXPECT_EQ(run({.to = everybody}), TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_NO_RECEIVER), 1U);
}

TEST_F(PortIngress, does_not_send_to_a_port_that_has_left_the_vlan_of_the_address)
{
	set_port(1, {.tag = 10});
	set_port(2, {.tag = 10});
	run({.from = vm2, .to = vm1}, 2);
	EXPECT_EQ(run({.to = vm2}), TC_ACT_REDIRECT);
	set_port(2, {.tag = 20});
	EXPECT_EQ(run({.to = vm2}), TC_ACT_SHOT);
}

TEST_F(PortIngress, does_not_send_to_a_port_that_has_left)
{
	run({.from = vm2, .to = vm1}, 2);
	enter(2, 0, 0, {});
	EXPECT_EQ(run({.to = vm2}), TC_ACT_SHOT);
}

TEST_F(PortIngress, floods_to_the_longest_list_of_ports)
{
	constexpr std::uint32_t no_device = 1'000'000;
	for (std::uint32_t slot = 2; slot < WEFT_MAX_PORTS; ++slot) {
		enter(slot, no_device + slot, slot + 1 < WEFT_MAX_PORTS ? slot + 1 : 0, {});
	}
	// Where so many new counters are wanted at once, the kernel may have no memory at hand for each.
	for (int i = 0; i < 5; ++i)
		run({.to = everybody}, 1);
	for (const std::uint32_t slot : {2, 128, 129, 130, 4096, WEFT_MAX_PORTS - 1}) {
		EXPECT_GE(drops_on_device(WEFT_DROP_NOT_SENT, no_device + slot), 1U) << "slot " << slot;
	}
}

TEST_F(PortIngress, ends_a_flood_where_the_list_leads_into_another_bridge)
{
	std::uint32_t slot = 2;
	weft_port stranger{};
	stranger.ifindex = 1'000'000;
	stranger.bridge = bridge + 1;
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.ports), &slot, &stranger, BPF_ANY), 0);
	run({.to = everybody}, 1);
	EXPECT_EQ(drops_on_device(WEFT_DROP_NOT_SENT, stranger.ifindex), 0U);
	EXPECT_EQ(drops(WEFT_DROP_NO_RECEIVER), 1U);
}

} // namespace
} // namespace weft
