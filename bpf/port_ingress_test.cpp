// The program alone, run by the kernel on made-up frames (BPF_PROG_TEST_RUN). What it sends is seen only as "one
// receiver" or "not one receiver"; real frames between real devices are in src/kernel/forwarding_test.cpp.
#include <bpf/bpf.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <sched.h>

#include <array>
#include <cstdlib>
#include <numeric>

#include "bpf/abi.h"
#include "bpf/datapath.skel.h"

namespace weft
{
namespace
{

using Mac = std::array<std::uint8_t, 6>;

constexpr Mac vm1{0x52, 0x54, 0, 0, 0, 1};
constexpr Mac vm2{0x52, 0x54, 0, 0, 0, 2};
constexpr Mac everybody{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
constexpr Mac stp{0x01, 0x80, 0xc2, 0, 0, 0};
constexpr std::uint32_t bridge = 1;
constexpr std::uint32_t ageing_ticks = 280; // 300 s.

struct Frame {
	Mac from = vm1;
	Mac to = vm2;
	std::size_t size_bytes = 60;
};

// Slots 1 and 2 are ports of one bridge, on devices that exist.
class PortIngress : public testing::Test
{
      protected:
	static void SetUpTestSuite()
	{
		may_make_devices_ = ::geteuid() == 0 && ::unshare(CLONE_NEWNET) == 0;
		if (!may_make_devices_)
			return;
		ASSERT_EQ(
		    std::system(
			"ip link add port1 type veth peer name end1 && ip link add port2 type veth peer name end2 &&"
			"for device in port1 end1 port2 end2; do ip link set $device up; done"),
		    0);
	}

	void SetUp() override
	{
		if (!may_make_devices_)
			GTEST_SKIP() << "needs root, to make a network namespace";
		skeleton_.reset(datapath__open_and_load());
		if (!skeleton_ && errno == EPERM)
			GTEST_SKIP() << "may not load BPF programs";
		ASSERT_TRUE(skeleton_) << "the kernel refuses the program: " << std::strerror(errno);
		ifindexes_ = {0, ::if_nametoindex("port1"), ::if_nametoindex("port2")};
		set_port(1, {});
		set_port(2, {});
		first_port(1);
	}

	struct Settings {
		std::uint16_t tag = 0;
		std::uint16_t flags = 0;
	};
	void set_port(std::uint32_t slot, Settings settings)
	{
		enter(slot, ifindexes_[slot], slot + 1 < 3 ? slot + 1 : 0, settings);
	}
	void enter(std::uint32_t slot, std::uint32_t ifindex, std::uint32_t next, Settings settings)
	{
		weft_port port{};
		port.ifindex = port.device = ifindex;
		port.bridge = bridge;
		port.next = next;
		port.ageing_ticks = ageing_ticks;
		port.tag = settings.tag;
		port.flags = settings.flags;
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.ports), &slot, &port, BPF_ANY), 0);
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.port_slots), &ifindex, &slot, BPF_ANY), 0);
	}
	void first_port(std::uint32_t slot)
	{
		weft_bridge value{
		    .name = "lu-br0", .first_port = slot, .ageing_s = 300, .forward_bpdu = 0, .reserved = 0};
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.bridges), &bridge, &value, BPF_ANY), 0);
	}

	// The program's verdict on a frame that enters by the port in `slot`; negative: the kernel did not run it.
	int run(const Frame &frame, std::uint32_t slot = 1) { return run_on_device(frame, ifindexes_[slot]); }
	int run_on_device(const Frame &frame, std::uint32_t ifindex)
	{
		std::vector<std::uint8_t> bytes(frame.size_bytes);
		const auto put = [&](const Mac &mac, std::size_t place) {
			for (std::size_t i = 0; i < 6 && place + i < bytes.size(); ++i)
				bytes[place + i] = mac[i];
		};
		put(frame.to, 0);
		put(frame.from, 6);
		if (bytes.size() >= 14)
			bytes[12] = 0x08; // IPv4.
		__sk_buff context{};
		context.ifindex = ifindex;
		auto options = bpf_test_run_opts();
		options.sz = sizeof options;
		options.data_in = bytes.data();
		options.data_size_in = static_cast<std::uint32_t>(bytes.size());
		options.ctx_in = &context;
		options.ctx_size_in = sizeof context;
		const int error = bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.port_ingress), &options);
		return error != 0 ? error : static_cast<int>(options.retval);
	}

	std::optional<weft_fdb_entry> find(const Mac &mac, std::uint16_t vlan = 0)
	{
		const auto key = key_of(mac, vlan);
		weft_fdb_entry entry{};
		if (bpf_map_lookup_elem(fdb_fd(), &key, &entry) != 0)
			return std::nullopt;
		return entry;
	}
	void put(const Mac &mac, weft_fdb_entry entry)
	{
		const auto key = key_of(mac, 0);
		ASSERT_EQ(bpf_map_update_elem(fdb_fd(), &key, &entry, BPF_ANY), 0);
	}
	void grow_older(const Mac &mac, std::uint32_t ticks)
	{
		auto entry = find(mac).value();
		entry.seen_tick -= ticks;
		put(mac, entry);
	}

	std::uint64_t drops(weft_drop reason, std::uint32_t slot = 1)
	{
		return drops_on_device(reason, ifindexes_[slot]);
	}
	std::uint64_t drops_on_device(weft_drop reason, std::uint32_t ifindex)
	{
		std::vector<std::uint64_t> per_cpu(static_cast<std::size_t>(libbpf_num_possible_cpus()));
		const weft_drop_key key{.ifindex = ifindex, .reason = static_cast<std::uint32_t>(reason)};
		bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.drops), &key, per_cpu.data());
		return std::accumulate(per_cpu.begin(), per_cpu.end(), std::uint64_t{0});
	}
	datapath *skeleton() { return skeleton_.get(); }
	int fdb_fd() const { return bpf_map__fd(skeleton_->maps.fdb); }

      private:
	static weft_fdb_key key_of(const Mac &mac, std::uint16_t vlan)
	{
		weft_fdb_key key{.bridge = bridge, .vlan = vlan, .mac = {}};
		std::ranges::copy(mac, key.mac);
		return key;
	}
	struct Closer {
		void operator()(datapath *skeleton) const { datapath__destroy(skeleton); }
	};

	static inline bool may_make_devices_ = false;
	std::unique_ptr<datapath, Closer> skeleton_;
	std::array<std::uint32_t, 3> ifindexes_{}; // By slot.
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

TEST_F(PortIngress, floods_to_an_address_that_it_does_not_know)
{
	EXPECT_EQ(run({.to = vm2}), TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_NO_RECEIVER), 0U);
}

TEST_F(PortIngress, floods_broadcast_even_if_somebody_claimed_that_address)
{
	put(everybody, {.port = 2, .seen_tick = ~0U, .owner = WEFT_FDB_STATIC, .reserved = {}, .remote = {}});
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
	put(vm1, {.port = 2, .seen_tick = 0, .owner = WEFT_FDB_STATIC, .reserved = {}, .remote = {}});
	run({.from = vm1}, 1);
	EXPECT_EQ(find(vm1)->port, 2U);
}

TEST_F(PortIngress, does_not_let_a_static_address_age)
{
	put(vm2, {.port = 2, .seen_tick = 0, .owner = WEFT_FDB_STATIC, .reserved = {}, .remote = {}});
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
	run({.to = everybody}, 1);
	for (const std::uint32_t slot : {2, 128, 129, 130, 4096, WEFT_MAX_PORTS - 1}) {
		EXPECT_EQ(drops_on_device(WEFT_DROP_NOT_SENT, no_device + slot), 1U) << "slot " << slot;
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

TEST_F(PortIngress, still_forwards_when_the_address_table_is_full)
{
	run({.from = vm2, .to = vm1}, 2);
	for (std::uint32_t i = 0; i < WEFT_MAX_ADDRESSES - 1; ++i) {
		put(Mac{2, 0, 0, static_cast<std::uint8_t>(i >> 16), static_cast<std::uint8_t>(i >> 8),
			static_cast<std::uint8_t>(i)},
		    {.port = 2, .seen_tick = 0, .owner = WEFT_FDB_STATIC, .reserved = {}, .remote = {}});
	}
	EXPECT_EQ(run({.from = vm1, .to = vm2}), TC_ACT_REDIRECT);
	EXPECT_FALSE(find(vm1));
	EXPECT_EQ(drops(WEFT_DROP_NOT_LEARNED), 1U);
}

} // namespace
} // namespace weft
