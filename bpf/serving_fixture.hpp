// What the tests of served VLANs share: ports 1 and 2 are access ports of VLAN 10, and weftd is the test.
#pragma once

#include "bpf/datapath_fixture.hpp"
#include "bpf/service_frames.hpp"

namespace weft
{

inline constexpr std::uint16_t vlan = 10;
inline constexpr Mac far{0x52, 0x54, 0, 0, 0, 9}, all_nodes{0x33, 0x33, 0, 0, 0, 1};
inline constexpr V4 own{10, 0, 0, 1}, far_v4{10, 0, 0, 9}, unknown_v4{10, 0, 0, 200};
inline constexpr V6 own_v6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
inline constexpr V6 far_v6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};
inline constexpr V6 group{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 9};
inline constexpr std::uint8_t udp = 17, tcp = 6, icmp6 = 58;
inline constexpr std::uint16_t type_arp = 0x0806, type_v4 = 0x0800, type_v6 = 0x86dd;

inline weft_address mapped(const V4 &address)
{
	weft_address result{};
	auto *bytes = reinterpret_cast<std::uint8_t *>(result.words);
	bytes[10] = bytes[11] = 0xff;
	std::ranges::copy(address, bytes + 12);
	return result;
}
inline weft_address mapped(const V6 &address)
{
	weft_address result{};
	std::ranges::copy(address, reinterpret_cast<std::uint8_t *>(result.words));
	return result;
}

inline Bytes dhcp_request(const Mac &from = vm1)
{
	return ethernet(from, everybody, type_v4, ipv4(nobody, {255, 255, 255, 255}, udp, transport(68, 67, 300)));
}
inline Bytes dhcp_answer(V4Options options = {})
{
	return ethernet(vm2, vm1, type_v4, ipv4(far_v4, own, udp, transport(67, 68, 300), options));
}
inline Bytes who_has(const V4 &target, const V4 &sender = own, const Mac &from = vm1)
{
	return ethernet(from, everybody, type_arp, arp(1, from, sender, target));
}
inline Bytes solicitation(const V6 &target, const V6 &source = own_v6, const Mac &from = vm1)
{
	const auto option = source == nobody_v6 ? Bytes{} : mac_option(1, from);
	return ethernet(from, {0x33, 0x33, 0xff, 0, 0, 9}, type_v6,
			ipv6(source, group, icmp6, discovery(135, about(target), option)));
}
inline Bytes router_advertisement(const Bytes &options = {})
{
	return ethernet(vm2, all_nodes, type_v6, ipv6(far_v6, group, icmp6, discovery(134, Bytes(12), options)));
}

class Serving : public DatapathTest
{
      protected:
	void SetUp() override
	{
		DatapathTest::SetUp();
		if (IsSkipped() || HasFatalFailure())
			return;
		serve(WEFT_SERVED_DHCP | WEFT_SERVED_IPV6 | WEFT_SERVED_METADATA);
		set_ports(0);
		know(mapped(far_v4), far);
		know(mapped(far_v6), far);
		know(mapped(own), vm1);
		know(mapped(own_v6), vm1);
		know(mapped(metadata), service_mac);
		ring_.reset(ring_buffer__new(bpf_map__fd(skeleton()->maps.punts), &Serving::take, this, nullptr));
		ASSERT_TRUE(ring_);
	}
	void set_ports(std::uint16_t flags_of_first)
	{
		set_port(1, {.tag = vlan, .flags = static_cast<std::uint16_t>(WEFT_PORT_SERVED | flags_of_first)});
		set_port(2, {.tag = vlan, .flags = WEFT_PORT_SERVED});
	}
	void serve(std::uint32_t kinds)
	{
		const weft_vlan_key key{.bridge = bridge, .vlan = vlan};
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.served), &key, &kinds, BPF_ANY), 0);
	}
	void know(const weft_address &address, const Mac &mac, bool is_router = false)
	{
		const weft_neighbour_key key{.network = {.bridge = bridge, .vlan = vlan}, .address = address};
		weft_neighbour neighbour{};
		std::ranges::copy(mac, neighbour.mac);
		neighbour.is_router = is_router ? 1 : 0;
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.neighbours), &key, &neighbour, BPF_ANY), 0);
	}
	struct Handed {
		weft_punt head{};
		Bytes frame;
	};
	std::vector<Handed> handed()
	{
		ring_buffer__consume(ring_.get());
		return std::exchange(handed_, {});
	}
	// The services that the frame is handed over for; it goes nowhere else then.
	std::vector<int> services(const Bytes &frame, std::uint32_t slot = 1)
	{
		const auto outcome = run_bytes(frame, slot);
		std::vector<int> services;
		for (const auto &punt : handed())
			services.push_back(punt.head.service);
		if (!services.empty()) {
			EXPECT_EQ(outcome.verdict, TC_ACT_SHOT);
		}
		return services;
	}
	// The frame is dropped, for this reason.
	bool is_dropped(const Bytes &frame, weft_drop reason, std::uint32_t slot = 1)
	{
		const auto before = drops(reason, slot);
		const auto outcome = run_bytes(frame, slot);
		return outcome.verdict == TC_ACT_SHOT && drops(reason, slot) == before + 1 && handed().empty();
	}
	// It takes its way as in a bridge that serves nothing: the copies of a flood, or to whom it is for.
	bool goes_on(const Bytes &frame, std::uint32_t slot = 1)
	{
		const auto before = all_drops(slot);
		const auto outcome = run_bytes(frame, slot);
		return outcome.frame == frame && all_drops(slot) == before && handed().empty();
	}
	std::uint64_t all_drops(std::uint32_t slot)
	{
		std::uint64_t sum = 0;
		for (int reason = 0; reason < WEFT_DROP_COUNT; ++reason)
			sum += drops(static_cast<weft_drop>(reason), slot);
		return sum;
	}

      private:
	static int take(void *self, void *data, std::size_t)
	{
		Handed one;
		std::memcpy(&one.head, data, sizeof one.head);
		one.frame.assign(one.head.frame, one.head.frame + one.head.bytes);
		static_cast<Serving *>(self)->handed_.push_back(std::move(one));
		return 0;
	}
	struct Closer {
		void operator()(ring_buffer *ring) const { ring_buffer__free(ring); }
	};
	std::unique_ptr<ring_buffer, Closer> ring_;
	std::vector<Handed> handed_;
};

using Services = std::vector<int>;

} // namespace weft
