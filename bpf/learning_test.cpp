// A bridge's table of addresses: how many there are, and who makes room for whom.
#include "bpf/datapath_fixture.hpp"

namespace weft
{
namespace
{

Mac numbered(std::uint32_t number)
{
	return {2,
		0,
		0,
		static_cast<std::uint8_t>(number >> 16),
		static_cast<std::uint8_t>(number >> 8),
		static_cast<std::uint8_t>(number)};
}

class Learning : public DatapathTest
{
      protected:
	// The port in `slot` brings so many addresses, from `first` on.
	void bring(std::uint32_t first, std::uint32_t count, std::uint32_t slot = 1)
	{
		for (std::uint32_t i = first; i < first + count; ++i)
			run({.from = numbered(i), .to = everybody}, slot);
	}
	// The same in a later tick, however few have gone by: what was brought before does not count against it.
	void bring_later(std::uint32_t first, std::uint32_t count, std::uint32_t slot = 1)
	{
		const weft_learning nothing{};
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.learning), &slot, &nothing, BPF_ANY), 0);
		bring(first, count, slot);
	}
	std::uint32_t known(std::uint32_t first, std::uint32_t count)
	{
		std::uint32_t found = 0;
		for (std::uint32_t i = first; i < first + count; ++i)
			found += find(numbered(i)) ? 1 : 0;
		return found;
	}
	// It goes on sending.
	void prove(const Mac &mac, std::uint32_t slot = 1)
	{
		grow_older(mac, 1);
		run({.from = mac, .to = everybody}, slot);
		ASSERT_TRUE(find(mac)->is_proven);
	}
};

TEST_F(Learning, counts_what_it_learns)
{
	bring(0, 3);
	bring(0, 3);
	EXPECT_EQ(settings().addresses, 3U);
	EXPECT_EQ(settings().learned, 3U);
	EXPECT_EQ(settings().evicted, 0U);
}

TEST_F(Learning, fills_the_table_to_its_size_and_then_gives_a_new_address_the_place_of_the_oldest)
{
	make_table(10);
	bring(0, 10);
	EXPECT_EQ(known(0, 10), 10U);
	EXPECT_EQ(settings().evicted, 0U);
	bring(10, 1);
	EXPECT_EQ(settings().addresses, 10U);
	EXPECT_EQ(settings().evicted, 1U);
	EXPECT_FALSE(find(numbered(0)));
	EXPECT_TRUE(find(numbered(10)));
}

TEST_F(Learning, takes_the_place_of_the_one_that_was_silent_for_longest)
{
	make_table(10);
	bring(0, 10);
	grow_older(numbered(5), 7);
	grow_older(numbered(2), 3);
	bring(10, 1);
	EXPECT_FALSE(find(numbered(5)));
	bring(11, 1);
	EXPECT_TRUE(find(numbered(11)));
	EXPECT_EQ(settings().addresses, 10U);
}

TEST_F(Learning, keeps_those_that_go_on_sending_through_a_flood_of_addresses)
{
	make_table(512);
	constexpr std::uint32_t talkers = 12; // Fewer than are looked at for each new address.
	bring(0, talkers, 2);
	for (std::uint32_t i = 0; i < talkers; ++i)
		prove(numbered(i), 2);
	for (std::uint32_t flood = 1; flood <= 20; ++flood) {
		bring_later(1000 * flood, WEFT_LEARNING_LEAST);
		for (std::uint32_t i = 0; i < talkers; ++i)
			run({.from = numbered(i), .to = everybody}, 2);
	}
	EXPECT_EQ(known(0, talkers), talkers);
	EXPECT_EQ(settings().learned, talkers + 20U * WEFT_LEARNING_LEAST);
	EXPECT_EQ(settings().addresses, 512U);
	EXPECT_EQ(settings().evicted, settings().learned - 512U);
}

TEST_F(Learning, lets_a_flood_replace_the_addresses_of_its_own_port_rather_than_those_of_others)
{
	make_table(64);
	bring(0, 8, 2);
	bring(1000, 56);
	bring_later(2000, 200);
	EXPECT_EQ(known(0, 8), 8U);
}

TEST_F(Learning, learns_nothing_where_all_are_busy_and_still_forwards)
{
	make_table(10);
	bring(0, 10, 2);
	for (std::uint32_t i = 0; i < 10; ++i)
		prove(numbered(i), 2);
	constexpr std::uint32_t long_ticks = 1000; // However slow this machine is.
	for (std::uint32_t i = 0; i < 10; ++i)
		grow_older(numbered(i), 0U - long_ticks);
	EXPECT_EQ(run({.from = vm1, .to = numbered(3)}, 1), TC_ACT_REDIRECT);
	EXPECT_FALSE(find(vm1));
	EXPECT_EQ(drops(WEFT_DROP_NOT_LEARNED), 1U);
	for (std::uint32_t i = 0; i < 10; ++i)
		grow_older(numbered(i), long_ticks + WEFT_BUSY_TICKS + 1);
	run({.from = vm1}, 1);
	EXPECT_TRUE(find(vm1));
}

TEST_F(Learning, never_gives_up_a_static_address)
{
	make_table(10);
	bring(0, 10);
	for (std::uint32_t i = 0; i < 10; ++i)
		put(numbered(i), put_by_hand(1));
	bring(10, 1);
	EXPECT_EQ(known(0, 10), 10U);
	EXPECT_FALSE(find(numbered(10)));
}

TEST_F(Learning, goes_on_where_addresses_have_gone_without_it)
{
	make_table(10);
	bring(0, 10);
	remove_all_addresses();
	auto empty = settings();
	empty.addresses = 0;
	put(empty);
	bring(20, 11);
	EXPECT_EQ(known(21, 10), 10U);
	EXPECT_EQ(settings().addresses, 10U);
}

TEST_F(Learning, takes_no_more_new_addresses_from_a_port_in_a_tick_than_the_limit)
{
	make_table(8192);
	const std::uint32_t limit = 8192 / WEFT_LEARNING_SHARE;
	std::uint64_t limited = 0;
	// If a tick ends meanwhile, the next one begins anew.
	for (int attempt = 0; attempt < 5 && limited != 1; ++attempt) {
		const auto before = drops(WEFT_DROP_LEARNING_LIMITED);
		bring_later(10000U * static_cast<std::uint32_t>(attempt), limit + 1);
		limited = drops(WEFT_DROP_LEARNING_LIMITED) - before;
	}
	EXPECT_EQ(limited, 1U);
	run({.from = vm2, .to = everybody}, 2);
	EXPECT_TRUE(find(vm2)) << "other ports have their own";
}

TEST_F(Learning, holds_a_million_addresses)
{
	make_table(1'000'000);
	constexpr std::uint32_t batch = 50'000;
	std::vector<weft_fdb_key> keys(batch);
	const std::vector<weft_fdb_entry> entries(batch, put_by_hand(2));
	for (std::uint32_t done = 0; done < 999'999; done += batch) {
		for (std::uint32_t i = 0; i < batch; ++i) {
			keys[i] = {.bridge = bridge, .vlan = 0, .mac = {}};
			std::ranges::copy(numbered(done + i), keys[i].mac);
		}
		std::uint32_t count = std::min(batch, 999'999 - done);
		ASSERT_EQ(bpf_map_update_batch(fdb_fd(), keys.data(), entries.data(), &count, nullptr), 0);
	}
	auto full_but_one = settings();
	full_but_one.addresses = 999'999;
	put(full_but_one);
	run({.from = vm1, .to = everybody});
	EXPECT_TRUE(find(vm1));
	EXPECT_EQ(settings().addresses, 1'000'000U);
	run({.from = vm2, .to = vm1}, 2);
	EXPECT_FALSE(find(vm1)) << "the only one that is not static makes room";
	EXPECT_TRUE(find(vm2));
}

TEST_F(Learning, learns_nothing_where_the_map_of_all_bridges_is_full)
{
	make_table(1'000'000);
	constexpr std::uint32_t batch = 1 << 16;
	std::vector<weft_fdb_key> keys(batch);
	const std::vector<weft_fdb_entry> entries(batch, put_by_hand(2));
	for (std::uint32_t done = 0; done < WEFT_MAX_ADDRESSES; done += batch) {
		for (std::uint32_t i = 0; i < batch; ++i) {
			keys[i] = {.bridge = bridge + 1, .vlan = 0, .mac = {}};
			std::ranges::copy(numbered(done + i), keys[i].mac);
		}
		std::uint32_t count = batch;
		ASSERT_EQ(bpf_map_update_batch(fdb_fd(), keys.data(), entries.data(), &count, nullptr), 0);
	}
	EXPECT_EQ(run({.from = vm1, .to = vm2}), TC_ACT_SHOT);
	EXPECT_FALSE(find(vm1));
	EXPECT_EQ(settings().addresses, 0U);
	EXPECT_EQ(drops(WEFT_DROP_NOT_LEARNED), 1U);
}

} // namespace
} // namespace weft
