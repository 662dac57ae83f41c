// Served VLANs: neighbours are told at once, and whoever pretends to be a service ends here (BPF_PROG_TEST_RUN).
#include "bpf/serving_fixture.hpp"

namespace weft
{
namespace
{

TEST_F(Serving, tells_a_neighbours_address_at_once)
{
	const auto outcome = run_bytes(who_has(far_v4));
	EXPECT_EQ(outcome.verdict, TC_ACT_REDIRECT);
	auto answer = arp(2, far, far_v4, own);
	std::ranges::copy(vm1, answer.begin() + 18);
	EXPECT_EQ(outcome.frame, ethernet(far, vm1, type_arp, answer));
	EXPECT_TRUE(find(vm1, vlan));
	EXPECT_FALSE(find(far, vlan)) << "what is told teaches nothing";
}

TEST_F(Serving, tells_where_metadata_is)
{
	const auto outcome = run_bytes(who_has(metadata));
	EXPECT_EQ(outcome.verdict, TC_ACT_REDIRECT);
	EXPECT_TRUE(std::equal(service_mac.begin(), service_mac.end(), outcome.frame.begin() + 22));
	const auto to_one = ethernet(vm1, service_mac, type_arp, arp(1, vm1, own, metadata));
	EXPECT_EQ(run_bytes(to_one).verdict, TC_ACT_REDIRECT) << "asked again, to see whether it is still there";
	EXPECT_TRUE(is_dropped(ethernet(vm1, service_mac, type_v4, ipv4(own, metadata, 1, Bytes(8))),
			       WEFT_DROP_NO_SUCH_SERVICE));
}

TEST_F(Serving, floods_what_asks_for_a_neighbour_that_is_not_known)
{
	EXPECT_TRUE(goes_on(who_has(unknown_v4)));
	EXPECT_TRUE(goes_on(solicitation(V6{0xfd, 1})));
}

TEST_F(Serving, never_tells_an_endpoint_that_it_has_its_own_address)
{
	EXPECT_TRUE(goes_on(who_has(own, own))) << "an announcement";
	EXPECT_TRUE(goes_on(who_has(own, nobody))) << "a probe for its own";
	EXPECT_TRUE(goes_on(who_has(own, far_v4))) << "from another address of the same";
	EXPECT_TRUE(goes_on(solicitation(own_v6, nobody_v6)));
	EXPECT_TRUE(goes_on(solicitation(own_v6, own_v6)));
	EXPECT_TRUE(goes_on(ethernet(vm2, everybody, type_arp, arp(1, vm1, nobody, own)), 2)) << "behind a repeater";
}

TEST_F(Serving, tells_who_probes_for_a_neighbours_address_that_it_is_taken)
{
	const auto by_arp = run_bytes(who_has(far_v4, nobody));
	EXPECT_EQ(by_arp.verdict, TC_ACT_REDIRECT);
	EXPECT_EQ(get16(by_arp.frame, 20), 2);
	const auto by_nd = run_bytes(solicitation(far_v6, nobody_v6));
	EXPECT_EQ(by_nd.verdict, TC_ACT_REDIRECT);
	EXPECT_TRUE(std::equal(all_nodes.begin(), all_nodes.end(), by_nd.frame.begin()));
	EXPECT_EQ(by_nd.frame.at(58), 0x20) << "unsolicited";
	EXPECT_TRUE(goes_on(who_has(far_v4, far_v4))) << "an announcement is left to the one it is for";
}

std::uint32_t sum_of(const Bytes &bytes, std::size_t from, std::uint32_t sum)
{
	for (std::size_t at = from; at < bytes.size(); at += 2)
		sum += get16(bytes, at);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

TEST_F(Serving, advertises_a_neighbour_as_it_would_itself)
{
	for (const bool is_router : {false, true}) {
		know(mapped(far_v6), far, is_router);
		const auto outcome = run_bytes(solicitation(far_v6));
		EXPECT_EQ(outcome.verdict, TC_ACT_REDIRECT);
		auto body = about(far_v6);
		body[0] = static_cast<std::uint8_t>(is_router ? 0xe0 : 0x60);
		auto wanted =
		    ethernet(far, vm1, type_v6, ipv6(far_v6, own_v6, icmp6, discovery(136, body, mac_option(2, far))));
		EXPECT_EQ(sum_of(outcome.frame, 22, 32 + icmp6), 0xffffU) << "the checksum";
		wanted[56] = outcome.frame.at(56);
		wanted[57] = outcome.frame.at(57);
		EXPECT_EQ(outcome.frame, wanted);
	}
}

TEST_F(Serving, advertises_to_who_probes_with_a_nonce)
{
	const auto frame =
	    ethernet(vm1, {0x33, 0x33, 0xff, 0, 0, 9}, type_v6,
		     ipv6(nobody_v6, group, icmp6, discovery(135, about(far_v6), Bytes{14, 1, 1, 2, 3, 4, 5, 6})));
	EXPECT_EQ(run_bytes(frame).frame.size(), 86U);
	auto longer = frame;
	append(longer, Bytes(40));
	EXPECT_EQ(run_bytes(longer).frame.size(), 86U);
	auto far_away = frame;
	far_away[21] = 64;
	EXPECT_TRUE(goes_on(far_away)) << "a hop limit that no neighbour sends";
}

TEST_F(Serving, drops_answers_of_strangers)
{
	for (const auto flags : std::to_array<std::uint16_t>({0, WEFT_PORT_REMOTE})) {
		set_ports(flags);
		EXPECT_TRUE(is_dropped(dhcp_answer(), WEFT_DROP_FOREIGN_DHCP));
		EXPECT_TRUE(is_dropped(dhcp_answer({.words = 8}), WEFT_DROP_FOREIGN_DHCP));
		EXPECT_TRUE(is_dropped(dhcp_answer({.fragment = 0x2000}), WEFT_DROP_FOREIGN_DHCP));
		EXPECT_TRUE(is_dropped(ethernet(vm2, vm1, type_v6, ipv6(far_v6, own_v6, udp, transport(547, 546, 100))),
				       WEFT_DROP_FOREIGN_DHCP));
		EXPECT_TRUE(is_dropped(router_advertisement(), WEFT_DROP_FOREIGN_ROUTER));
		EXPECT_TRUE(
		    is_dropped(ethernet(vm2, vm1, type_v6, ipv6(far_v6, own_v6, icmp6, discovery(137, Bytes(36)))),
			       WEFT_DROP_FOREIGN_ROUTER));
	}
}

TEST_F(Serving, is_not_deceived_by_headers_before_an_answer)
{
	const auto advertisement = discovery(134, Bytes(12));
	const auto send = [&](std::uint8_t first, const Bytes &rest) {
		return ethernet(vm2, all_nodes, type_v6, ipv6(far_v6, group, first, rest));
	};
	for (const auto extension : std::to_array<std::uint8_t>({0, 43, 44, 60, 135}))
		EXPECT_TRUE(
		    is_dropped(send(extension, behind_extension(icmp6, advertisement)), WEFT_DROP_FOREIGN_ROUTER))
		    << int{extension};
	auto nested = advertisement;
	std::uint8_t next = icmp6;
	for (int i = 0; i < WEFT_MOST_EXTENSIONS; ++i)
		nested = behind_extension(std::exchange(next, std::uint8_t{60}), nested);
	EXPECT_TRUE(is_dropped(send(60, nested), WEFT_DROP_FOREIGN_ROUTER));
	EXPECT_TRUE(is_dropped(send(60, behind_extension(60, nested)), WEFT_DROP_NOT_CHECKED)) << "one too many";
	EXPECT_TRUE(is_dropped(send(44, behind_extension(icmp6, {}, 1)), WEFT_DROP_NOT_CHECKED))
	    << "the first fragment does not tell what it is";
	EXPECT_TRUE(goes_on(send(44, behind_extension(icmp6, Bytes(64), 8)))) << "a later one";
}

TEST_F(Serving, drops_who_claims_the_services_own_addresses)
{
	EXPECT_TRUE(is_dropped(ethernet(service_mac, vm1, type_v4, ipv4(own, far_v4, tcp, transport(1, 2))),
			       WEFT_DROP_FOREIGN_SERVICE));
	EXPECT_TRUE(is_dropped(ethernet(vm2, vm1, type_arp, arp(2, vm2, metadata, own)), WEFT_DROP_FOREIGN_SERVICE));
	EXPECT_TRUE(is_dropped(ethernet(vm2, vm1, type_v4, ipv4(metadata, own, tcp, transport(80, 4000))),
			       WEFT_DROP_FOREIGN_SERVICE));
	EXPECT_FALSE(find(service_mac, vlan));
}

TEST_F(Serving, leaves_the_rest_alone)
{
	put(vm2, put_by_hand(2), vlan);
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v4, ipv4(own, far_v4, tcp, transport(1000, 2000)))));
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_arp, arp(1, vm1, own, far_v4)))) << "asked directly";
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v6, ipv6(own_v6, far_v6, icmp6, discovery(128, Bytes(4))))));
	EXPECT_TRUE(goes_on(ethernet(vm1, everybody, 0x88b5, Bytes(50))));
	auto cut_off = ipv4(own, far_v4, tcp, {}, {.words = 15});
	cut_off.resize(20);
	EXPECT_TRUE(goes_on(ethernet(vm1, everybody, type_v4, cut_off))) << "that is for who gets it to judge";
	EXPECT_TRUE(goes_on(ethernet(vm1, everybody, type_arp, Bytes(3))));
}

TEST_F(Serving, has_room_for_so_many_neighbours)
{
	std::uint32_t count = 5; // Known to every test.
	auto address = mapped(V4{10, 1, 0, 0});
	weft_neighbour_key key{.network = {.bridge = bridge, .vlan = vlan}, .address = address};
	const weft_neighbour neighbour{};
	const int map = bpf_map__fd(skeleton()->maps.neighbours);
	int error = 0;
	while (error == 0 && count <= WEFT_MAX_NEIGHBOURS) {
		key.address.words[3] = count;
		key.address.words[0] = 1;
		error = bpf_map_update_elem(map, &key, &neighbour, BPF_NOEXIST);
		if (error == 0)
			++count;
	}
	EXPECT_EQ(error, -E2BIG);
	EXPECT_EQ(count, WEFT_MAX_NEIGHBOURS);
	EXPECT_EQ(run_bytes(who_has(far_v4)).verdict, TC_ACT_REDIRECT);
}

} // namespace
} // namespace weft
