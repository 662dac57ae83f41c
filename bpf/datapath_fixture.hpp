// What the tests of the datapath's programs share: ports on devices that exist, frames made up and run by the kernel
// (BPF_PROG_TEST_RUN), and a look into the maps.
#pragma once

#include <bpf/bpf.h>
#include <gtest/gtest.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <numeric>

#include "bpf/abi.h"
#include "bpf/datapath.skel.h"

namespace weft
{

using Mac = std::array<std::uint8_t, 6>;

inline constexpr Mac vm1{0x52, 0x54, 0, 0, 0, 1};
inline constexpr Mac vm2{0x52, 0x54, 0, 0, 0, 2};
inline constexpr Mac everybody{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
inline constexpr Mac stp{0x01, 0x80, 0xc2, 0, 0, 0};
inline constexpr std::uint32_t bridge = 1;
inline constexpr std::uint32_t ageing_ticks = 280; // 300 s.

struct Frame {
	Mac from = vm1;
	Mac to = vm2;
	std::size_t size_bytes = 60;
};

inline weft_fdb_entry put_by_hand(std::uint32_t port, std::uint32_t seen_tick = 0)
{
	weft_fdb_entry entry{};
	entry.port = port;
	entry.seen_tick = seen_tick;
	entry.owner = WEFT_FDB_STATIC;
	return entry;
}

// Slots 1 and 2 are ports of one bridge, on devices that exist.
class DatapathTest : public testing::Test
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
		put(weft_bridge{.name = "lu-br0",
				.first_port = 0,
				.ageing_s = 300,
				.forward_bpdu = 0,
				.has_flood_vlans = 0,
				.max_addresses = 0,
				.addresses = 0,
				.has_served = 0,
				.rearranged = 0,
				.learned = 0,
				.expired = 0,
				.evicted = 0,
				.moved = 0});
		first_port(1);
		make_table(8192);
	}

	struct Settings {
		std::uint16_t tag = 0; // Of an access port; 0: a trunk, or as `vlan` says.
		std::uint16_t flags = 0;
		weft_port_vlan vlan = {};
		std::uint16_t mtu_bytes = 0; // Of a tunnel.
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
		port.vlan = settings.vlan;
		if (settings.tag != 0)
			port.vlan = {.tag = settings.tag, .mode = WEFT_VLAN_ACCESS, .options = 0};
		port.flags = settings.flags;
		port.mtu_bytes = settings.mtu_bytes;
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.ports), &slot, &port, BPF_ANY), 0);
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.port_slots), &ifindex, &slot, BPF_ANY), 0);
	}
	void remove_port(std::uint32_t slot)
	{
		weft_port gone{};
		gone.bridge = bridge;
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.ports), &slot, &gone, BPF_ANY), 0);
	}
	void first_port(std::uint32_t slot)
	{
		auto value = settings();
		value.first_port = slot;
		put(value);
	}
	// The bridge's table holds so many addresses.
	void make_table(std::uint32_t addresses)
	{
		auto value = settings();
		value.max_addresses = addresses;
		put(value);
		const int queue = bpf_map_create(BPF_MAP_TYPE_QUEUE, "candidate_queue", 0, sizeof(weft_candidate),
						 addresses, nullptr);
		ASSERT_GE(queue, 0);
		EXPECT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.candidates), &bridge, &queue, BPF_ANY), 0);
		::close(queue);
	}
	weft_bridge settings()
	{
		weft_bridge value{};
		EXPECT_EQ(bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.bridges), &bridge, &value), 0);
		return value;
	}
	void put(const weft_bridge &value)
	{
		EXPECT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton_->maps.bridges), &bridge, &value, BPF_ANY), 0);
	}

	// The program's verdict on a frame that enters by the port in `slot`; negative: the kernel did not run it.
	int run(const Frame &frame, std::uint32_t slot = 1) { return run_on_device(frame, ifindexes_[slot]); }
	int run_on_device(const Frame &frame, std::uint32_t ifindex)
	{
		__sk_buff context{};
		context.ifindex = ifindex;
		return run_program(bpf_program__fd(skeleton_->progs.port_ingress), bytes_of(frame), context);
	}
	static std::vector<std::uint8_t> bytes_of(const Frame &frame)
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
		return bytes;
	}
	struct Outcome {
		int verdict = 0;
		std::vector<std::uint8_t> frame; // As it is afterwards.
	};
	Outcome run_bytes(std::vector<std::uint8_t> bytes, std::uint32_t slot = 1)
	{
		__sk_buff context{};
		context.ifindex = ifindexes_[slot];
		Outcome outcome;
		outcome.frame.resize(bytes.size() + 256);
		auto options = bpf_test_run_opts();
		options.sz = sizeof options;
		options.data_in = bytes.data();
		options.data_size_in = static_cast<std::uint32_t>(bytes.size());
		options.data_out = outcome.frame.data();
		options.data_size_out = static_cast<std::uint32_t>(outcome.frame.size());
		options.ctx_in = &context;
		options.ctx_size_in = sizeof context;
		EXPECT_EQ(bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.port_ingress), &options), 0);
		outcome.frame.resize(options.data_size_out);
		outcome.verdict = static_cast<int>(options.retval);
		return outcome;
	}
	static int run_program(int program_fd, std::vector<std::uint8_t> bytes, __sk_buff context)
	{
		auto options = bpf_test_run_opts();
		options.sz = sizeof options;
		options.data_in = bytes.data();
		options.data_size_in = static_cast<std::uint32_t>(bytes.size());
		options.ctx_in = &context;
		options.ctx_size_in = sizeof context;
		const int error = bpf_prog_test_run_opts(program_fd, &options);
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
	void put(const Mac &mac, weft_fdb_entry entry, std::uint16_t vlan = 0)
	{
		const auto key = key_of(mac, vlan);
		ASSERT_EQ(bpf_map_update_elem(fdb_fd(), &key, &entry, BPF_ANY), 0);
		rearrange();
	}
	// As weftd does after it has changed the table.
	void rearrange()
	{
		auto value = settings();
		++value.rearranged;
		put(value);
	}
	void remove_all_addresses()
	{
		weft_fdb_key key{};
		while (bpf_map_get_next_key(fdb_fd(), nullptr, &key) == 0)
			ASSERT_EQ(bpf_map_delete_elem(fdb_fd(), &key), 0);
		rearrange();
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
	std::uint32_t ifindex(std::uint32_t slot) const { return ifindexes_[slot]; }
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

} // namespace weft
