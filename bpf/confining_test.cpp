// Port security: what the guest of a confined port may send, and what of it is a lie (BPF_PROG_TEST_RUN). Port 1 is
// confined; the guest behind it is vm1, with 10.0.0.1 and fd00::1.
#include "bpf/datapath_fixture.hpp"
#include "bpf/service_frames.hpp"

namespace weft
{
namespace
{

constexpr V4 own{10, 0, 0, 1}, other{10, 0, 0, 2}, all{255, 255, 255, 255};
constexpr V6 own_v6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
constexpr V6 other_v6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
constexpr V6 group{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
// fe80::5054:ff:fe00:1 and :2, made from the Ethernet addresses of vm1 and vm2, and a random one.
constexpr V6 own_link{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x50, 0x54, 0, 0xff, 0xfe, 0, 0, 1};
constexpr V6 other_link{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x50, 0x54, 0, 0xff, 0xfe, 0, 0, 2};
constexpr V6 random_link{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
constexpr std::uint8_t igmp = 2, tcp = 6, udp = 17, icmp6 = 58;
constexpr std::uint16_t type_arp = 0x0806, type_v4 = 0x0800, type_v6 = 0x86dd;

class Confining : public DatapathTest
{
      protected:
	void SetUp() override
	{
		DatapathTest::SetUp();
		if (IsSkipped() || HasFatalFailure())
			return;
		set_port(1, {.flags = WEFT_PORT_CONFINED});
		put(vm2, put_by_hand(2));
		set_guest(vm1, {as_mapped(own), own_v6});
	}
	using DatapathTest::put;
	static V6 as_mapped(const V4 &address)
	{
		V6 mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
		std::ranges::copy(address, mapped.begin() + 12);
		return mapped;
	}
	void set_guest(const Mac &mac, const std::vector<V6> &addresses)
	{
		weft_guest guest{};
		const std::uint32_t slot = 1;
		std::ranges::copy(mac, guest.mac);
		guest.count = static_cast<std::uint16_t>(addresses.size());
		for (std::size_t i = 0; i < addresses.size(); ++i)
			std::memcpy(guest.addresses[i].words, addresses[i].data(), 16);
		ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.guests), &slot, &guest, BPF_ANY), 0);
	}
	bool passes(const Bytes &frame, std::uint32_t slot = 1)
	{
		const auto before = violations(slot);
		return run_bytes(frame, slot).verdict == TC_ACT_REDIRECT && violations(slot) == before;
	}
	bool is_dropped(const Bytes &frame, weft_drop reason)
	{
		const auto before = drops(reason), all_before = violations(1);
		return run_bytes(frame).verdict == TC_ACT_SHOT && drops(reason) == before + 1 &&
		       violations(1) == all_before + 1;
	}
	std::uint64_t violations(std::uint32_t slot)
	{
		std::uint64_t sum = 0;
		for (const auto reason : {WEFT_DROP_NOT_ITS_MAC, WEFT_DROP_NOT_ITS_ARP, WEFT_DROP_NOT_ITS_ADDRESS,
					  WEFT_DROP_NOT_ITS_NEIGHBOUR, WEFT_DROP_NOT_CHECKED})
			sum += drops(reason, slot);
		return sum;
	}
	static Bytes v4(const V4 &from, std::uint8_t protocol = tcp, const Bytes &payload = transport(1, 2),
			V4Options options = {})
	{
		return ethernet(vm1, vm2, type_v4, ipv4(from, other, protocol, payload, options));
	}
	static Bytes v6(const V6 &from, std::uint8_t protocol = tcp, const Bytes &payload = transport(1, 2))
	{
		return ethernet(vm1, vm2, type_v6, ipv6(from, other_v6, protocol, payload));
	}
	static Bytes advertises(const V6 &target, const V6 &from, const Mac &mac)
	{
		return v6(from, icmp6, discovery(136, about(target), mac_option(2, mac)));
	}
};

TEST_F(Confining, lets_the_guest_send_as_itself)
{
	EXPECT_TRUE(passes(v4(own)));
	EXPECT_TRUE(passes(v6(own_v6)));
	EXPECT_TRUE(passes(ethernet(vm1, vm2, type_arp, arp(1, vm1, own, other))));
	EXPECT_TRUE(passes(ethernet(vm1, vm2, type_arp, arp(2, vm1, own, other))));
	EXPECT_TRUE(passes(advertises(own_v6, own_v6, vm1)));
	EXPECT_TRUE(passes(v6(own_v6, icmp6, discovery(135, about(other_v6), mac_option(1, vm1)))));
	EXPECT_TRUE(passes(ethernet(vm1, vm2, 0x88b5, Bytes(50)))) << "what is no IP";
}

TEST_F(Confining, drops_frames_from_other_ethernet_addresses_and_learns_nothing)
{
	const Mac forged{0x52, 0x54, 0, 0, 0, 7};
	EXPECT_TRUE(
	    is_dropped(ethernet(forged, vm2, type_v4, ipv4(own, other, tcp, transport(1, 2))), WEFT_DROP_NOT_ITS_MAC));
	EXPECT_FALSE(find(forged));
	run_bytes(ethernet(forged, vm1, type_v4, ipv4(other, own, tcp, transport(1, 2))), 2);
	EXPECT_TRUE(find(forged)) << "other ports are free";
}

TEST_F(Confining, lets_nothing_pass_while_the_guest_is_not_known)
{
	set_guest(Mac{}, {});
	EXPECT_TRUE(is_dropped(v4(own), WEFT_DROP_NOT_ITS_MAC));
	const std::uint32_t slot = 1;
	bpf_map_delete_elem(bpf_map__fd(skeleton()->maps.guests), &slot);
	EXPECT_TRUE(is_dropped(v4(own), WEFT_DROP_NOT_ITS_MAC));
}

TEST_F(Confining, drops_arp_that_claims_what_is_anothers)
{
	EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, type_arp, arp(2, vm2, own, other)), WEFT_DROP_NOT_ITS_ARP));
	EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, type_arp, arp(2, vm1, other, own)), WEFT_DROP_NOT_ITS_ARP));
	EXPECT_TRUE(is_dropped(ethernet(vm1, everybody, type_arp, arp(1, vm1, other, other)), WEFT_DROP_NOT_ITS_ARP));
	EXPECT_TRUE(passes(ethernet(vm1, vm2, type_arp, arp(1, vm1, nobody, other)))) << "a probe claims nothing";
	auto strange = arp(1, vm1, own, other);
	strange[1] = 6; // IEEE 802 networks: nobody knows where its addresses are.
	EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, type_arp, strange), WEFT_DROP_NOT_CHECKED));
}

TEST_F(Confining, drops_ipv4_from_other_addresses)
{
	EXPECT_TRUE(is_dropped(v4(other), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(is_dropped(v4(nobody), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(passes(v4(nobody, udp, transport(68, 67))));
	EXPECT_TRUE(is_dropped(v4(nobody, udp, transport(68, 69)), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(is_dropped(v4(all), WEFT_DROP_NOT_ITS_ADDRESS));
}

TEST_F(Confining, lets_a_guest_without_an_address_join_groups)
{
	const auto v4_message = [](std::uint8_t type, V4Options options = {}) {
		return v4(nobody, igmp, Bytes{type, 0, 0, 0, 224, 0, 0, 22}, options);
	};
	for (const auto report : std::to_array<std::uint8_t>({0x12, 0x16, 0x17, 0x22})) {
		EXPECT_TRUE(passes(v4_message(report))) << int{report};
		EXPECT_TRUE(passes(v4_message(report, {.words = 6}))) << "behind the option Router Alert";
		EXPECT_TRUE(is_dropped(v4_message(report, {.fragment = 0x2000}), WEFT_DROP_NOT_ITS_ADDRESS));
	}
	EXPECT_TRUE(is_dropped(v4_message(0x11), WEFT_DROP_NOT_ITS_ADDRESS)) << "a query is a router's";
	for (const auto report : std::to_array<std::uint8_t>({131, 132, 143}))
		EXPECT_TRUE(passes(v6(nobody_v6, 0, behind_extension(icmp6, discovery(report, Bytes(20))))))
		    << int{report};
	EXPECT_TRUE(is_dropped(v6(nobody_v6, 0, behind_extension(icmp6, discovery(130, Bytes(20)))),
			       WEFT_DROP_NOT_ITS_ADDRESS));
}

TEST_F(Confining, sees_the_source_of_every_fragment)
{
	for (const auto fragment : std::to_array<std::uint16_t>({0x2000, 0x2010, 0x0010})) {
		const auto send = [&](const V4 &from) {
			return ethernet(vm1, vm2, type_v4,
					ipv4(from, other, udp, transport(68, 67), {.fragment = fragment}));
		};
		EXPECT_TRUE(passes(send(own))) << fragment;
		EXPECT_TRUE(is_dropped(send(other), WEFT_DROP_NOT_ITS_ADDRESS)) << fragment;
		EXPECT_TRUE(is_dropped(send(nobody), WEFT_DROP_NOT_ITS_ADDRESS)) << fragment;
	}
	EXPECT_TRUE(passes(v6(own_v6, 44, behind_extension(udp, transport(1, 2), 8))));
	EXPECT_TRUE(is_dropped(v6(other_v6, 44, behind_extension(udp, transport(1, 2), 8)), WEFT_DROP_NOT_ITS_ADDRESS));
}

TEST_F(Confining, drops_ipv6_from_other_addresses)
{
	EXPECT_TRUE(is_dropped(v6(other_v6), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(is_dropped(v6(group), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(is_dropped(v6(nobody_v6), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(is_dropped(v6(as_mapped(other)), WEFT_DROP_NOT_ITS_ADDRESS));
	EXPECT_TRUE(passes(v6(nobody_v6, icmp6, discovery(133, Bytes(4)))));
	EXPECT_TRUE(passes(v6(nobody_v6, icmp6, discovery(135, about(own_v6)))));
	EXPECT_TRUE(passes(v6(nobody_v6, 0, behind_extension(icmp6, discovery(143, Bytes(20))))));
	EXPECT_TRUE(is_dropped(v6(nobody_v6, icmp6, discovery(128, Bytes(4))), WEFT_DROP_NOT_ITS_ADDRESS));
}

TEST_F(Confining, lets_the_guest_have_link_local_addresses_that_are_nobody_elses)
{
	EXPECT_TRUE(passes(v6(own_link)));
	EXPECT_TRUE(passes(v6(random_link)));
	EXPECT_TRUE(passes(advertises(random_link, random_link, vm1)));
	EXPECT_TRUE(is_dropped(v6(other_link), WEFT_DROP_NOT_ITS_ADDRESS)) << "made from another's Ethernet address";
	EXPECT_TRUE(is_dropped(advertises(other_link, own_link, vm1), WEFT_DROP_NOT_ITS_NEIGHBOUR));

	weft_neighbour_key key{.network = {.bridge = bridge, .vlan = 0}, .address = {}};
	weft_neighbour neighbour{};
	std::memcpy(key.address.words, random_link.data(), 16);
	std::ranges::copy(vm2, neighbour.mac);
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.neighbours), &key, &neighbour, BPF_ANY), 0);
	EXPECT_TRUE(is_dropped(v6(random_link), WEFT_DROP_NOT_ITS_ADDRESS)) << "known to be a neighbour's";
	std::ranges::copy(vm1, neighbour.mac);
	ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.neighbours), &key, &neighbour, BPF_ANY), 0);
	EXPECT_TRUE(passes(v6(random_link)));
}

TEST_F(Confining, drops_neighbour_discovery_that_claims_what_is_anothers)
{
	EXPECT_TRUE(is_dropped(advertises(other_v6, own_v6, vm1), WEFT_DROP_NOT_ITS_NEIGHBOUR));
	EXPECT_TRUE(is_dropped(advertises(own_v6, own_v6, vm2), WEFT_DROP_NOT_ITS_NEIGHBOUR));
	EXPECT_TRUE(is_dropped(v6(nobody_v6, icmp6, discovery(135, about(other_v6))), WEFT_DROP_NOT_ITS_NEIGHBOUR))
	    << "a probe that would make another give its address up";
	EXPECT_TRUE(is_dropped(v6(own_v6, icmp6, discovery(135, about(other_v6), mac_option(1, vm2))),
			       WEFT_DROP_NOT_ITS_NEIGHBOUR));
	EXPECT_TRUE(
	    is_dropped(v6(own_v6, icmp6, discovery(133, Bytes(4), mac_option(1, vm2))), WEFT_DROP_NOT_ITS_NEIGHBOUR));
	const auto hidden = behind_extension(icmp6, discovery(136, about(other_v6), mac_option(2, vm1)));
	EXPECT_TRUE(is_dropped(v6(own_v6, 60, hidden), WEFT_DROP_NOT_ITS_NEIGHBOUR));
	EXPECT_TRUE(is_dropped(v6(own_v6, 44, hidden), WEFT_DROP_NOT_CHECKED)) << "no fragments of it (RFC 6980)";
}

TEST_F(Confining, reads_all_options_of_a_message_or_none_passes)
{
	Bytes options;
	for (int i = 0; i < WEFT_MOST_ND_OPTIONS - 1; ++i)
		append(options, Bytes{14, 1, 1, 2, 3, 4, 5, 6});
	auto last = options, one_more = options;
	append(last, mac_option(2, vm2));
	append(one_more, options);
	const auto send = [](const Bytes &all_options) {
		return v6(own_v6, icmp6, discovery(136, about(own_v6), all_options));
	};
	EXPECT_TRUE(passes(send(options)));
	EXPECT_TRUE(is_dropped(send(last), WEFT_DROP_NOT_ITS_NEIGHBOUR));
	EXPECT_TRUE(is_dropped(send(one_more), WEFT_DROP_NOT_CHECKED));
	EXPECT_TRUE(is_dropped(send(Bytes{14, 0, 1, 2, 3, 4, 5, 6}), WEFT_DROP_NOT_CHECKED)) << "of no length";
	EXPECT_TRUE(is_dropped(v6(own_v6, icmp6, Bytes{136, 0, 0, 0, 0}), WEFT_DROP_NOT_CHECKED)) << "cut off";
}

TEST_F(Confining, lets_nothing_pass_that_it_cannot_read)
{
	auto cut_off = ipv4(own, other, tcp, {}, {.words = 15});
	cut_off.resize(20);
	EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, type_v4, cut_off), WEFT_DROP_NOT_CHECKED));
	EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, type_v4, ipv6(own_v6, other_v6, tcp, transport(1, 2))),
			       WEFT_DROP_NOT_CHECKED));
	for (const auto tag : std::to_array<std::uint16_t>({0x8100, 0x88a8})) {
		Bytes tagged{0, 0, 8, 0};
		append(tagged, ipv4(other, own, tcp, transport(1, 2)));
		EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, tag, tagged), WEFT_DROP_NOT_CHECKED)) << "a second tag";
	}
	auto empty = v6(own_v6);
	empty[18] = empty[19] = 0;
	EXPECT_TRUE(is_dropped(empty, WEFT_DROP_NOT_CHECKED)) << "a jumbogram";
}

TEST_F(Confining, holds_a_guest_without_addresses_to_its_ethernet_address_only)
{
	set_guest(vm1, {});
	EXPECT_TRUE(passes(v4(other)));
	EXPECT_TRUE(passes(v6(other_v6)));
	EXPECT_TRUE(passes(advertises(other_v6, other_v6, vm1)));
	EXPECT_TRUE(is_dropped(advertises(other_v6, other_v6, vm2), WEFT_DROP_NOT_ITS_NEIGHBOUR));
	EXPECT_TRUE(is_dropped(ethernet(vm1, vm2, type_arp, arp(2, vm2, own, other)), WEFT_DROP_NOT_ITS_ARP));
}

TEST_F(Confining, knows_every_one_of_the_most_addresses_of_a_guest)
{
	std::vector<V6> addresses;
	for (std::uint8_t i = 1; i <= WEFT_GUEST_ADDRESSES; ++i)
		addresses.push_back(as_mapped({10, 1, 0, i}));
	set_guest(vm1, addresses);
	for (std::uint8_t i = 1; i <= WEFT_GUEST_ADDRESSES; ++i)
		EXPECT_TRUE(passes(v4({10, 1, 0, i})));
	EXPECT_TRUE(is_dropped(v4({10, 1, 0, WEFT_GUEST_ADDRESSES + 1}), WEFT_DROP_NOT_ITS_ADDRESS));
}

} // namespace
} // namespace weft
