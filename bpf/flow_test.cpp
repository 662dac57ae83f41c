// Flows that are remembered for a moment. They save work, and must never tell another thing than the table of
// addresses.
#include <thread>

#include "bpf/tunnel_fixture.hpp"

namespace weft
{
namespace
{

constexpr std::chrono::milliseconds a_tick((1U << WEFT_TICK_SHIFT) / 1'000'000 + 100);

class Flows : public DatapathTest
{
      protected:
	// Both have spoken, and vm1's frames to vm2 have a remembered way, by port 2.
	void SetUp() override
	{
		DatapathTest::SetUp();
		if (IsSkipped() || HasFatalFailure())
			return;
		run({.from = vm2, .to = everybody}, 2);
		run({.from = vm1, .to = everybody}, 1);
		for (int i = 0; i < 3; ++i)
			ASSERT_TRUE(is_sent());
	}
	bool is_sent() { return run({}) == TC_ACT_REDIRECT; }
	bool is_sent_back()
	{
		const auto before = drops(WEFT_DROP_SAME_PORT);
		run({});
		return drops(WEFT_DROP_SAME_PORT) == before + 1;
	}
	bool is_flooded()
	{
		const auto before = drops(WEFT_DROP_SAME_PORT);
		return run({}) == TC_ACT_SHOT && drops(WEFT_DROP_SAME_PORT) == before;
	}
	// As when another address took its place, of which nobody is told.
	void lose(Mac mac)
	{
		weft_fdb_key key{.bridge = bridge, .vlan = 0, .mac = {}};
		std::ranges::copy(mac, key.mac);
		ASSERT_EQ(bpf_map_delete_elem(fdb_fd(), &key), 0);
	}
};

TEST_F(Flows, follow_an_address_that_moves)
{
	run({.from = vm2, .to = everybody}, 1);
	EXPECT_TRUE(is_sent_back());
	run({.from = vm2, .to = everybody}, 2);
	EXPECT_TRUE(is_sent());
}

TEST_F(Flows, follow_an_address_that_weftd_puts_elsewhere_or_forgets)
{
	put(vm2, put_by_hand(1));
	EXPECT_TRUE(is_sent_back());
	remove_all_addresses();
	EXPECT_TRUE(is_flooded());
}

TEST_F(Flows, end_with_their_port)
{
	set_port(2, {.tag = 7});
	EXPECT_TRUE(is_flooded()) << "it has left the VLAN";
	set_port(2, {});
	EXPECT_TRUE(is_sent());
	const std::uint32_t slot = 2;
	const weft_port free{};
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.ports), &slot, &free, BPF_ANY), 0);
	EXPECT_TRUE(is_flooded());
}

TEST_F(Flows, of_one_vlan_are_none_of_another)
{
	set_port(1, {.tag = 7});
	set_port(2, {.tag = 7});
	EXPECT_TRUE(is_flooded()) << "nothing was heard in VLAN 7";
}

TEST_F(Flows, are_remembered_within_a_tick_and_looked_up_again_in_the_next)
{
	bool is_remembered = false;
	for (int attempt = 0; attempt < 5 && !is_remembered; ++attempt) { // If a tick ends meanwhile.
		run({.from = vm2, .to = everybody}, 2);
		run({});
		lose(vm2);
		is_remembered = is_sent();
	}
	EXPECT_TRUE(is_remembered);
	const auto seen_tick = find(vm1)->seen_tick;
	std::this_thread::sleep_for(a_tick);
	EXPECT_TRUE(is_flooded());
	EXPECT_GT(find(vm1)->seen_tick, seen_tick) << "who sends stays young";
}

TEST_F(Flows, keep_their_place_from_others_with_the_same_hash)
{
	const auto place = [](const Mac &to) { // As in flow.h, of a frame from vm1 that enters by port 1.
		weft_flow_key key{.to = {}, .from = {}, .port = 1, .vlan = 0};
		std::ranges::copy(to, key.to);
		std::ranges::copy(vm1, key.from);
		std::array<std::uint64_t, 2> words{};
		std::memcpy(words.data(), &key, sizeof key);
		return (words[0] ^ words[1] << 7) * 0x9e3779b97f4a7c15 >> (64 - WEFT_FLOW_BITS);
	};
	Mac other{2, 0, 0, 2, 0, 0};
	for (std::uint32_t i = 0; place(other) != place(vm2); ++i) {
		other[4] = static_cast<std::uint8_t>(i >> 8);
		other[5] = static_cast<std::uint8_t>(i);
	}
	put(other, put_by_hand(2));
	bool is_kept = false;
	for (int attempt = 0; attempt < 5 && !is_kept; ++attempt) { // If a tick ends meanwhile.
		run({.from = vm2, .to = everybody}, 2);
		run({});
		EXPECT_EQ(run({.from = vm1, .to = other}), TC_ACT_REDIRECT);
		lose(vm2);
		is_kept = is_sent();
	}
	EXPECT_TRUE(is_kept);
}

TEST_F(Flows, that_are_more_than_can_be_remembered_go_where_they_should)
{
	constexpr std::uint32_t many = 3U << WEFT_FLOW_BITS;
	const auto number = [](std::uint32_t i) {
		return Mac{2, 0, 0, 1, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
	};
	for (std::uint32_t i = 0; i < many; ++i)
		put(number(i), put_by_hand(1 + i % 2));
	for (std::uint32_t i = 0; i < 2 * many; ++i) {
		const auto verdict = run({.from = vm1, .to = number(i % many)});
		ASSERT_EQ(verdict, i % 2 == 0 ? TC_ACT_SHOT : TC_ACT_REDIRECT) << i;
	}
	EXPECT_EQ(drops(WEFT_DROP_SAME_PORT), many);
}

class TunnelFlows : public TunnelTest
{
};

constexpr std::uint8_t one = 7, other = 8;

TEST_F(TunnelFlows, follow_an_address_to_another_remote_end)
{
	const auto first = admit(one);
	EXPECT_EQ(enter_by(vm_slot, inner_frame(vm1, vm2)).index, first);
	const auto second = admit(other);
	ASSERT_NE(first, second);
	EXPECT_EQ(enter_by(vm_slot, inner_frame(vm1, vm2)).index, second);
}

TEST_F(TunnelFlows, of_one_remote_end_are_not_taken_from_another)
{
	admit(one);
	const auto inner = inner_frame(vm2, vm1);
	for (int i = 0; i < 3; ++i)
		EXPECT_EQ(arrive(from_remote(one, inner)).action, TC_ACT_REDIRECT);
	const auto its_own = inner_frame({0x52, 0x54, 0, 0, 0, 3}, vm1);
	enter_by(tunnel_slot, its_own, arrive(from_remote(other, its_own)).index);
	EXPECT_EQ(arrive(from_remote(other, its_own)).action, TC_ACT_REDIRECT);
	EXPECT_EQ(arrive(from_remote(other, inner)).action, TC_ACT_UNSPEC);
}

TEST_F(TunnelFlows, end_when_ways_may_have_changed)
{
	admit(one);
	const auto packet = from_remote(one, inner_frame(vm2, vm1));
	EXPECT_EQ(arrive(packet).action, TC_ACT_REDIRECT);
	forget_ways();
	EXPECT_EQ(arrive(packet).action, TC_ACT_UNSPEC);
}

} // namespace
} // namespace weft
