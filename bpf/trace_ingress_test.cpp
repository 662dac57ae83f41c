// The traced form of the program: it decides as the other one does, tells it, and changes nothing.
#include <arpa/inet.h>

#include "bpf/datapath_fixture.hpp"
#include "bpf/decisions.h"
#include "bpf/service_frames.hpp"
#include "bpf/traced_datapath.skel.h"

namespace weft
{
namespace
{

using Decisions = std::vector<std::string>; // As "COPY_TO 2 10": kind, port, value.

class TraceIngress : public DatapathTest
{
      protected:
	void SetUp() override
	{
		DatapathTest::SetUp();
		if (IsSkipped() || HasFatalFailure())
			return;
		traced_.reset(traced_datapath__open());
		ASSERT_TRUE(traced_);
		bpf_map *map = nullptr;
		bpf_object__for_each_map(map, traced_->obj)
		{
			const auto *shared = bpf_object__find_map_by_name(skeleton()->obj, bpf_map__name(map));
			if (shared) {
				ASSERT_EQ(bpf_map__reuse_fd(map, bpf_map__fd(shared)), 0);
			}
		}
		ASSERT_EQ(traced_datapath__load(traced_.get()), 0) << "the kernel refuses the traced form";
		ring_.reset(ring_buffer__new(bpf_map__fd(traced_->maps.decisions), &TraceIngress::take, this, nullptr));
		ASSERT_TRUE(ring_);
	}

	struct Tag {
		std::uint16_t type = 0x8100;
		std::uint16_t control = 0;
	};
	int trace(const Frame &frame, std::uint32_t slot = 1, std::optional<Tag> tag = {})
	{
		return trace_bytes(bytes_of(frame), slot, tag);
	}
	int trace_bytes(const Bytes &bytes, std::uint32_t slot = 1, std::optional<Tag> tag = {})
	{
		__sk_buff context{};
		context.ifindex = ifindex(slot);
		if (tag) {
			context.cb[0] = WEFT_TRACED_TAG | tag->control;
			context.cb[1] = tag->type;
		}
		decisions_.clear();
		const int verdict = run_program(bpf_program__fd(traced_->progs.trace_ingress), bytes, context);
		ring_buffer__consume(ring_.get());
		return verdict;
	}
	const Decisions &decisions() const { return decisions_; }
	// Whatever the programs may change; of long arrays, the beginning.
	std::string state()
	{
		std::string all;
		bpf_map *map = nullptr;
		bpf_object__for_each_map(map, skeleton()->obj)
		{
			const auto value_bytes =
			    bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY ||
				    bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_HASH
				? bpf_map__value_size(map) * static_cast<std::size_t>(libbpf_num_possible_cpus())
				: bpf_map__value_size(map);
			std::string key(bpf_map__key_size(map), '\0');
			std::string value(value_bytes, '\0');
			const char *previous = nullptr;
			for (int i = 0; i < 100 && bpf_map_get_next_key(bpf_map__fd(map), previous, key.data()) == 0;
			     ++i) {
				bpf_map_lookup_elem(bpf_map__fd(map), key.data(), value.data());
				all += key + value;
				previous = key.data();
			}
		}
		return all;
	}

	std::uint32_t last_value_ = 0;

      private:
	static int take(void *self, void *data, std::size_t)
	{
		static constexpr const char *names[] = {
#define WEFT_DECISION_NAME(name, text) #name,
		    WEFT_DECISIONS(WEFT_DECISION_NAME)
#undef WEFT_DECISION_NAME
		};
		const auto &told = *static_cast<const weft_decision *>(data);
		auto &test = *static_cast<TraceIngress *>(self);
		test.decisions_.push_back(fmt::format("{} {} {}", names[told.kind], told.port, told.value));
		test.last_value_ = told.value;
		return 0;
	}
	struct Closer {
		void operator()(traced_datapath *skeleton) const { traced_datapath__destroy(skeleton); }
		void operator()(ring_buffer *ring) const { ring_buffer__free(ring); }
	};
	std::unique_ptr<traced_datapath, Closer> traced_;
	std::unique_ptr<ring_buffer, Closer> ring_;
	Decisions decisions_;
};

TEST_F(TraceIngress, tells_a_flood_port_by_port)
{
	EXPECT_EQ(trace({.to = everybody}), TC_ACT_SHOT);
	EXPECT_EQ(decisions(), (Decisions{"ENTERED 1 0", "VLAN 1 0", "LEARNED 1 0", "TO_MANY 1 0", "FLOOD 1 0",
					  "NOT_BACK 1 0", "COPY_TO 2 0"}));
}

TEST_F(TraceIngress, tells_the_way_to_a_known_address)
{
	run({.from = vm2, .to = vm1}, 2);
	EXPECT_EQ(trace({.from = vm1, .to = vm2}), TC_ACT_REDIRECT);
	EXPECT_EQ(decisions(), (Decisions{"ENTERED 1 0", "VLAN 1 0", "LEARNED 1 0", "FOUND 2 0", "SENT 2 0"}));
}

TEST_F(TraceIngress, tells_that_an_address_would_move_or_stay)
{
	run({.from = vm1}, 2);
	trace({.from = vm1, .to = everybody}, 1);
	EXPECT_EQ(decisions().at(2), "MOVED 2 0");
	put(vm1, put_by_hand(2, 0));
	trace({.from = vm1, .to = everybody}, 1);
	EXPECT_EQ(decisions().at(2), "STAYS 2 0");
	trace({.from = vm1, .to = everybody}, 2);
	EXPECT_EQ(decisions().at(2), "KNOWN 2 0");
}

TEST_F(TraceIngress, tells_that_an_address_is_held)
{
	run({.from = vm1}, 2);
	auto entry = find(vm1).value();
	entry.moved_tick = static_cast<std::uint16_t>(entry.seen_tick);
	entry.is_held = 1;
	put(vm1, entry);
	EXPECT_EQ(trace({.from = vm1, .to = everybody}, 1), TC_ACT_SHOT);
	EXPECT_EQ(decisions().at(2), "HELD 2 0");
	EXPECT_EQ(decisions().at(3), fmt::format("DROPPED {} {}", ifindex(1), int{WEFT_DROP_FLAPPING}));
}

TEST_F(TraceIngress, tells_that_a_destination_has_been_silent_for_too_long)
{
	run({.from = vm2, .to = vm1}, 2);
	grow_older(vm2, ageing_ticks + 2);
	trace({.to = vm2});
	EXPECT_EQ(decisions().at(3), "AGED 2 0");
}

TEST_F(TraceIngress, takes_a_tag_as_the_kernel_would_hand_it_over)
{
	set_port(2, {.tag = 10});
	EXPECT_EQ(trace({.to = everybody}, 1, Tag{.control = 10}), TC_ACT_SHOT);
	EXPECT_EQ(decisions().back(), "COPY_TO 2 10");
	EXPECT_EQ(decisions().at(decisions().size() - 2), "NOT_BACK 1 10");
	EXPECT_EQ(trace({.to = everybody}, 2, Tag{.control = 10}), TC_ACT_SHOT);
	EXPECT_EQ(decisions().back(), fmt::format("DROPPED {} {}", ifindex(2), int{WEFT_DROP_TAGGED_ON_ACCESS}));
}

TEST_F(TraceIngress, tells_how_tags_change_between_the_modes)
{
	set_port(1, {.vlan = {.tag = 10, .mode = WEFT_VLAN_TUNNEL, .options = 0}});
	trace({.to = everybody}, 1, Tag{.control = 20});
	EXPECT_EQ(Decisions(decisions().end() - 3, decisions().end()),
		  (Decisions{"TAG_ADDED 0 10", "NOT_BACK 1 10", "COPY_TO 2 10"}));
	trace({.to = everybody}, 2, Tag{.type = 0x88a8, .control = 10});
	EXPECT_EQ(Decisions(decisions().end() - 3, decisions().end()),
		  (Decisions{"TAG_REMOVED 0 10", "COPY_TO 1 10", "NOT_BACK 2 10"}));
}

TEST_F(TraceIngress, refuses_vlans_that_a_limited_port_does_not_carry)
{
	const weft_port_vlan limited{.tag = 0, .mode = WEFT_VLAN_TRUNK, .options = WEFT_VLAN_LIMITED};
	const std::uint32_t slot = 1;
	weft_vlan_set set{};
	set.words[0] = 1; // VLAN 0
	set.words[63] = 1ULL << 63;
	set_port(1, {.vlan = limited});
	trace({.to = everybody}, 1);
	EXPECT_EQ(decisions().back(), fmt::format("DROPPED {} {}", ifindex(1), int{WEFT_DROP_VLAN_NOT_CARRIED}))
	    << "without an entry it carries none";
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.port_vlans), &slot, &set, BPF_ANY), 0);
	for (const auto carried : std::to_array<std::uint16_t>({0, 4095})) {
		trace({.to = everybody}, 1, Tag{.control = carried});
		EXPECT_EQ(decisions().at(1), fmt::format("VLAN 1 {}", carried));
	}
	for (const auto other : std::to_array<std::uint16_t>({1, 63, 64, 4094})) {
		trace({.to = everybody}, 1, Tag{.control = other});
		EXPECT_TRUE(decisions().back().starts_with("DROPPED ")) << other;
		trace({.to = everybody}, 2, Tag{.control = other});
		EXPECT_EQ(decisions().at(decisions().size() - 3), fmt::format("OTHER_VLAN 1 {}", other));
	}
}

TEST_F(TraceIngress, tells_that_a_vlan_is_flooded)
{
	weft_vlan_set set{};
	set.words[0] = 1;
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.flood_vlans), &bridge, &set, BPF_ANY), 0);
	set_port(1, {.flags = WEFT_PORT_FLOOD_VLANS});
	put(vm2, put_by_hand(2, 0));
	trace({.to = vm2});
	EXPECT_EQ(decisions(),
		  (Decisions{"ENTERED 1 0", "VLAN 1 0", "FLOOD_VLAN 1 0", "FLOOD 1 0", "NOT_BACK 1 0", "COPY_TO 2 0"}));
}

TEST_F(TraceIngress, tells_that_a_priority_tag_comes_and_goes)
{
	put(vm2, put_by_hand(2, 0));
	set_port(2, {.vlan = {.tag = 0, .mode = WEFT_VLAN_ACCESS, .options = WEFT_VLAN_PRIORITY_TAGS}});
	trace({}, 1, Tag{.control = 5 << 13});
	EXPECT_EQ(decisions().back(), "SENT 2 0") << "it stays";
	set_port(2, {.vlan = {.tag = 0, .mode = WEFT_VLAN_ACCESS, .options = 0}});
	trace({}, 1, Tag{.control = 5 << 13});
	EXPECT_EQ(decisions().at(decisions().size() - 2), "PRIORITY_REMOVED 0 0");
	set_port(2, {.vlan = {.tag = 10, .mode = WEFT_VLAN_ACCESS, .options = WEFT_VLAN_PRIORITY_TAGS}});
	put(vm2, put_by_hand(2, 0), 10);
	trace({}, 1, Tag{.control = 5 << 13 | 10});
	EXPECT_EQ(Decisions(decisions().end() - 3, decisions().end()),
		  (Decisions{"TAG_REMOVED 0 10", "PRIORITY_ADDED 0 0", "SENT 2 0"}));
}

TEST_F(TraceIngress, tells_why_a_frame_goes_by_the_kernels_vxlan_device_or_past_it)
{
	const std::uint32_t id = 9;
	weft_vtep vtep{};
	vtep.port = 2;
	vtep.claimed_tick = 5;
	auto behind = put_by_hand(2, 0);
	behind.vtep = id;
	behind.vtep_claim = 4; // Somebody else's, before.
	set_port(2, {.flags = WEFT_PORT_TUNNEL});
	const auto told = [&] {
		EXPECT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.vteps), &id, &vtep, BPF_ANY), 0);
		put(vm2, behind);
		EXPECT_EQ(trace({}), TC_ACT_REDIRECT);
		return Decisions(decisions().begin() + 4, decisions().end());
	};
	EXPECT_EQ(told(), (Decisions{"END_NOT_KNOWN 2 0", "SENT 2 0"}));
	behind.vtep_claim = 5;
	EXPECT_EQ(told(), (Decisions{"WAY_NOT_FRESH 2 0", "SENT 2 0"}));
	vtep.outer.bytes = 50;
	vtep.outer.ifindex = ifindex(1);
	vtep.outer.mtu_bytes = 1500;
	Decisions last;
	do { // On a slow machine the template may have grown old by then.
		timespec now{};
		::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
		const auto ns = now.tv_sec * 1'000'000'000 + now.tv_nsec;
		vtep.outer.tick = static_cast<std::uint32_t>(ns >> WEFT_TICK_SHIFT);
		last = told();
	} while (last.size() == 2 && last.front() == "WAY_NOT_FRESH 2 0");
	EXPECT_EQ(last, (Decisions{"PASSED_TUNNEL 2 0"}));
	EXPECT_EQ(trace({.to = vm2}, 1, Tag{.control = 5 << 13}), TC_ACT_REDIRECT);
	EXPECT_EQ(decisions().at(decisions().size() - 2), "NOT_PLAIN_IP 2 0");
}

TEST_F(TraceIngress, tells_what_becomes_of_requests_for_services_and_hands_nothing_over)
{
	const weft_vlan_key network{.bridge = bridge, .vlan = 10};
	const std::uint32_t kinds = WEFT_SERVED_DHCP;
	weft_neighbour_key key{.network = network, .address = {{0, 0, htonl(0xffff), htonl(0x0a000009)}}};
	weft_neighbour neighbour{};
	std::ranges::copy(vm2, neighbour.mac);
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.served), &network, &kinds, BPF_ANY), 0);
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.neighbours), &key, &neighbour, BPF_ANY), 0);
	set_port(1, {.flags = WEFT_PORT_SERVED});
	const auto before = state();
	const auto request = ipv4(nobody, {255, 255, 255, 255}, 17, transport(68, 67));
	EXPECT_EQ(trace_bytes(ethernet(vm1, everybody, 0x0800, request), 1, Tag{.control = 10}), TC_ACT_SHOT);
	EXPECT_EQ(decisions(), (Decisions{"ENTERED 1 0", "VLAN 1 10", "LEARNED 1 10", "SERVICE 1 1"}));
	const auto question = arp(1, vm1, {10, 0, 0, 1}, {10, 0, 0, 9});
	EXPECT_EQ(trace_bytes(ethernet(vm1, everybody, 0x0806, question), 1, Tag{.control = 10}), TC_ACT_REDIRECT);
	EXPECT_EQ(decisions(), (Decisions{"ENTERED 1 0", "VLAN 1 10", "LEARNED 1 10", "NEIGHBOUR_KNOWN 1 10"}));
	EXPECT_TRUE(state() == before);
	ring_buffer *ring = ring_buffer__new(
	    bpf_map__fd(skeleton()->maps.punts), [](void *, void *, std::size_t) { return 0; }, nullptr, nullptr);
	EXPECT_EQ(ring_buffer__consume(ring), 0);
	ring_buffer__free(ring);
}

TEST_F(TraceIngress, tells_what_port_security_says)
{
	const std::uint32_t slot = 1;
	weft_guest guest{};
	std::ranges::copy(vm1, guest.mac);
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.guests), &slot, &guest, BPF_ANY), 0);
	set_port(1, {.flags = WEFT_PORT_CONFINED});
	const auto packet = ipv4({10, 0, 0, 1}, {10, 0, 0, 2}, 6, transport(1, 2));
	trace_bytes(ethernet(vm1, vm2, 0x0800, packet));
	EXPECT_EQ(decisions().at(2), "CONFINED 1 0");
	EXPECT_EQ(trace_bytes(ethernet(vm2, vm1, 0x0800, packet)), TC_ACT_SHOT);
	EXPECT_EQ(decisions().back(), fmt::format("DROPPED {} {}", ifindex(1), int{WEFT_DROP_NOT_ITS_MAC}));
}

TEST_F(TraceIngress, decides_as_the_form_that_forwards_and_changes_nothing)
{
	struct Case {
		const char *what;
		Frame frame;
		std::uint16_t tag_in = 0, tag_out = 0, flags_out = 0;
		bool is_known = false;
		std::uint16_t mtu_out = 0;
	};
	const Case cases[] = {
	    {.what = "broadcast", .frame = {.to = everybody}},
	    {.what = "unknown", .frame = {}},
	    {.what = "known", .frame = {}, .is_known = true},
	    {.what = "known, straight to its other end", .frame = {}, .flags_out = WEFT_PORT_TO_PEER, .is_known = true},
	    {.what = "known, tag changes", .frame = {}, .tag_in = 10, .is_known = true},
	    {.what = "VLAN without receivers", .frame = {}, .tag_in = 10, .tag_out = 20},
	    {.what = "reserved", .frame = {.to = stp}},
	    {.what = "bad source", .frame = {.from = everybody}},
	    {.what = "to itself", .frame = {.from = vm1, .to = vm1}},
	    {.what = "too big", .frame = {.size_bytes = 1465}, .is_known = true, .mtu_out = 1450},
	    {.what = "too big for many", .frame = {.to = everybody, .size_bytes = 1465}, .mtu_out = 1450},
	};
	for (const auto &one : cases) {
		set_port(1, {.tag = one.tag_in});
		set_port(2, {.tag = one.tag_out, .flags = one.flags_out, .mtu_bytes = one.mtu_out});
		if (one.is_known)
			put(vm2, put_by_hand(2, 0), one.tag_in);
		const auto before = state();
		const int traced = trace(one.frame);
		EXPECT_TRUE(state() == before) << one.what;
		const bool drops_it = decisions().back().starts_with("DROPPED ");
		const auto reason = drops_it ? static_cast<weft_drop>(last_value_) : WEFT_DROP_COUNT;
		const auto counted = drops(reason);
		EXPECT_EQ(run(one.frame), traced) << one.what;
		EXPECT_EQ(drops(reason), counted + (drops_it ? 1 : 0)) << one.what;
		remove_all_addresses();
	}
}

TEST_F(TraceIngress, tells_a_flood_to_the_longest_list_of_ports_whole)
{
	constexpr std::uint32_t no_device = 1'000'000;
	for (std::uint32_t slot = 2; slot < WEFT_MAX_PORTS; ++slot)
		enter(slot, no_device + slot, slot + 1 < WEFT_MAX_PORTS ? slot + 1 : 0,
		      {.tag = static_cast<std::uint16_t>(slot % 2 ? 10 : 20)});
	set_port(1, {.tag = 0});
	trace({.to = everybody}, 1, Tag{.control = 10});
	EXPECT_EQ(decisions().back(), fmt::format("COPY_TO {} {}", WEFT_MAX_PORTS - 1, 10));
	EXPECT_EQ(std::ranges::count_if(decisions(), [](const auto &told) { return told.starts_with("COPY_TO "); }),
		  WEFT_MAX_PORTS / 2 - 1);
}

} // namespace
} // namespace weft
