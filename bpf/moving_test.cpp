// Addresses that move between ports: some do so rightly, some too fast.
#include "bpf/datapath_fixture.hpp"

namespace weft
{
namespace
{

class Moving : public DatapathTest
{
      protected:
	// vm1 sends from port 2 and port 1 in turn, so many times, all within one window of the limit.
	void flap(std::uint32_t moves)
	{
		for (std::uint32_t i = 0; i < moves; ++i)
			run({.from = vm1, .to = everybody}, i % 2 == 0 ? 2 : 1);
	}
	void let_pass(std::uint16_t ticks)
	{
		auto entry = find(vm1).value();
		entry.moved_tick = static_cast<std::uint16_t>(entry.moved_tick - ticks);
		put(vm1, entry);
	}
};

TEST_F(Moving, follows_an_address_as_often_as_the_limit_allows)
{
	run({.from = vm1});
	flap(WEFT_MOVES_LIMIT);
	EXPECT_EQ(find(vm1)->port, 1U);
	EXPECT_FALSE(find(vm1)->is_held);
	EXPECT_EQ(settings().moved, static_cast<std::uint64_t>(WEFT_MOVES_LIMIT));
	EXPECT_EQ(drops(WEFT_DROP_FLAPPING, 2), 0U);
}

TEST_F(Moving, holds_an_address_that_moves_too_fast_to_where_it_was_before)
{
	run({.from = vm1});
	flap(WEFT_MOVES_LIMIT + 1);
	EXPECT_TRUE(find(vm1)->is_held);
	EXPECT_EQ(find(vm1)->port, 1U);
	EXPECT_EQ(find(vm1)->other_port, 2U);
	EXPECT_EQ(drops(WEFT_DROP_FLAPPING, 2), 1U);
	run({.from = vm1, .to = everybody}, 2);
	EXPECT_EQ(find(vm1)->port, 1U);
	EXPECT_EQ(drops(WEFT_DROP_FLAPPING, 2), 2U);
}

TEST_F(Moving, forwards_to_and_from_the_port_that_an_address_is_held_to)
{
	run({.from = vm1});
	flap(WEFT_MOVES_LIMIT + 1);
	EXPECT_EQ(run({.from = vm2, .to = vm1}, 2), TC_ACT_REDIRECT);
	EXPECT_EQ(run({.from = vm1, .to = vm2}, 1), TC_ACT_REDIRECT);
}

TEST_F(Moving, floods_few_frames_of_an_address_that_is_held_and_a_few_more_in_the_next_tick)
{
	run({.from = vm1});
	flap(WEFT_MOVES_LIMIT + 1);
	std::uint64_t dropped = 0;
	// If a tick ends meanwhile, the next one begins anew.
	for (int attempt = 0; attempt < 5 && dropped != 1; ++attempt) {
		grow_older(vm1, 1);
		const auto before = drops(WEFT_DROP_FLAPPING);
		for (int i = 0; i < WEFT_HELD_FLOODS + 1; ++i)
			run({.from = vm1, .to = i % 2 == 0 ? everybody : Mac{2, 0, 0, 0, 0, 9}});
		dropped = drops(WEFT_DROP_FLAPPING) - before;
	}
	EXPECT_EQ(dropped, 1U);
	run({.from = vm2, .to = vm1}, 2);
	EXPECT_EQ(run({.from = vm1, .to = vm2}), TC_ACT_REDIRECT) << "known addresses are not concerned";
}

TEST_F(Moving, lets_an_address_move_again_when_it_was_held_for_long_enough)
{
	run({.from = vm1});
	flap(WEFT_MOVES_LIMIT + 1);
	let_pass(WEFT_HELD_TICKS - 1);
	run({.from = vm1, .to = everybody}, 2);
	EXPECT_EQ(find(vm1)->port, 1U);
	let_pass(2);
	run({.from = vm1, .to = everybody}, 2);
	EXPECT_EQ(find(vm1)->port, 2U);
	EXPECT_FALSE(find(vm1)->is_held);
}

TEST_F(Moving, does_not_mind_many_moves_that_take_their_time)
{
	run({.from = vm1});
	for (std::uint32_t i = 0; i < 4 * WEFT_MOVES_LIMIT; ++i) {
		run({.from = vm1, .to = everybody}, i % 2 == 0 ? 2 : 1);
		let_pass(WEFT_MOVES_TICKS + 1);
	}
	EXPECT_EQ(settings().moved, 4U * WEFT_MOVES_LIMIT);
	EXPECT_EQ(drops(WEFT_DROP_FLAPPING, 1) + drops(WEFT_DROP_FLAPPING, 2), 0U);
}

TEST_F(Moving, does_not_mind_a_guest_that_starts_again_and_again_behind_new_ports)
{
	run({.from = vm1});
	for (std::uint32_t i = 0; i < 2 * WEFT_MOVES_LIMIT; ++i) {
		const std::uint32_t old_port = 1 + i % 2, new_port = 3 - old_port;
		remove_port(old_port);
		run({.from = vm1, .to = everybody}, new_port);
		EXPECT_EQ(find(vm1)->port, new_port);
		set_port(old_port, {});
	}
	EXPECT_EQ(drops(WEFT_DROP_FLAPPING, 1) + drops(WEFT_DROP_FLAPPING, 2), 0U);
}

TEST_F(Moving, holds_no_address_to_a_port_that_has_left)
{
	run({.from = vm1});
	flap(WEFT_MOVES_LIMIT + 1);
	remove_port(1);
	const auto dropped = drops(WEFT_DROP_FLAPPING, 2);
	run({.from = vm1, .to = everybody}, 2);
	EXPECT_EQ(find(vm1)->port, 2U);
	EXPECT_FALSE(find(vm1)->is_held);
	EXPECT_EQ(drops(WEFT_DROP_FLAPPING, 2), dropped);
}

} // namespace
} // namespace weft
