// Served VLANs: what is handed to weftd, and how much of it (BPF_PROG_TEST_RUN).
#include "bpf/serving_fixture.hpp"

namespace weft
{
namespace
{

class HandingOver : public Serving
{
};

TEST_F(HandingOver, hands_a_dhcp_request_to_weftd_with_where_it_came_from)
{
	const auto frame = dhcp_request();
	EXPECT_EQ(run_bytes(frame).verdict, TC_ACT_SHOT);
	const auto all = handed();
	ASSERT_EQ(all.size(), 1U);
	EXPECT_EQ(all[0].head.port, 1U);
	EXPECT_EQ(all[0].head.bridge, bridge);
	EXPECT_EQ(all[0].head.vlan, vlan);
	EXPECT_EQ(all[0].head.service, WEFT_SERVICE_DHCP4);
	EXPECT_EQ(all[0].frame, frame);
	EXPECT_TRUE(find(vm1, vlan)) << "whoever asks is learned";
	EXPECT_EQ(all_drops(1), 0U);
}

TEST_F(HandingOver, hands_over_a_renewal_to_whatever_address)
{
	put(vm2, put_by_hand(2), vlan);
	EXPECT_EQ(services(ethernet(vm1, vm2, type_v4, ipv4(own, far_v4, udp, transport(68, 67, 300)))),
		  Services{WEFT_SERVICE_DHCP4});
}

TEST_F(HandingOver, hands_over_what_asks_by_ipv6)
{
	EXPECT_EQ(services(ethernet(vm1, {0x33, 0x33, 0, 1, 0, 2}, type_v6,
				    ipv6(own_v6, group, udp, transport(546, 547, 100)))),
		  Services{WEFT_SERVICE_DHCP6});
	EXPECT_EQ(services(ethernet(vm1, {0x33, 0x33, 0, 0, 0, 2}, type_v6,
				    ipv6(own_v6, group, icmp6, discovery(133, Bytes(4))))),
		  Services{WEFT_SERVICE_ROUTER});
}

TEST_F(HandingOver, hands_over_what_asks_for_metadata_by_the_router_or_directly)
{
	for (const auto &to : {service_mac, vm2})
		EXPECT_EQ(services(ethernet(vm1, to, type_v4, ipv4(own, metadata, tcp, transport(4000, 80)))),
			  Services{WEFT_SERVICE_METADATA});
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v4, ipv4(own, metadata, tcp, transport(4000, 443)))));
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v4, ipv4(own, far_v4, tcp, transport(4000, 80)))));
}

TEST_F(HandingOver, reads_past_options_and_extension_headers)
{
	EXPECT_EQ(
	    services(ethernet(vm1, everybody, type_v4, ipv4(nobody, own, udp, transport(68, 67, 300), {.words = 15}))),
	    Services{WEFT_SERVICE_DHCP4});
	EXPECT_EQ(services(ethernet(vm1, all_nodes, type_v6,
				    ipv6(own_v6, group, 0, behind_extension(udp, transport(546, 547, 100))))),
		  Services{WEFT_SERVICE_DHCP6});
}

TEST_F(HandingOver, takes_the_largest_frame_and_counts_a_larger_one)
{
	auto frame = dhcp_request();
	frame.resize(WEFT_PUNT_BYTES);
	EXPECT_EQ(services(frame), Services{WEFT_SERVICE_DHCP4});
	frame.resize(WEFT_PUNT_BYTES + 1);
	EXPECT_TRUE(is_dropped(frame, WEFT_DROP_SERVICE_TOO_BIG));
}

TEST_F(HandingOver, takes_fragments_for_no_request)
{
	EXPECT_TRUE(goes_on(
	    ethernet(vm1, everybody, type_v4, ipv4(nobody, own, udp, transport(68, 67, 300), {.fragment = 0x2000}))));
}

TEST_F(HandingOver, hands_over_nothing_that_comes_from_other_hosts)
{
	set_ports(WEFT_PORT_REMOTE);
	EXPECT_TRUE(goes_on(dhcp_request()));
	EXPECT_TRUE(goes_on(who_has(far_v4)));
	EXPECT_TRUE(goes_on(solicitation(far_v6)));
}

TEST_F(HandingOver, hands_over_only_what_the_vlan_serves)
{
	serve(0);
	EXPECT_TRUE(goes_on(dhcp_request()));
	EXPECT_TRUE(goes_on(dhcp_answer(), 2));
	EXPECT_TRUE(goes_on(router_advertisement(), 2));
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v4, ipv4(own, metadata, tcp, transport(4000, 80)))));
	EXPECT_EQ(run_bytes(who_has(far_v4)).verdict, TC_ACT_REDIRECT) << "neighbours are known all the same";
	for (const std::uint32_t slot : {1, 2})
		set_port(slot, {.flags = WEFT_PORT_SERVED});
	EXPECT_TRUE(goes_on(who_has(far_v4))) << "in another VLAN";
}

TEST_F(HandingOver, lets_weftd_hear_which_addresses_are_in_use_on_other_hosts)
{
	const auto is_heard = [&](const Bytes &frame) {
		const auto before = all_drops(1);
		run_bytes(frame);
		const auto all = handed();
		EXPECT_EQ(all_drops(1), before) << "and all others hear it";
		return all.size() == 1 && all[0].head.service == WEFT_SERVICE_PROBE && all[0].head.port == 1 &&
		       all[0].frame == frame;
	};
	const auto probe = who_has(unknown_v4, nobody), answer = ethernet(vm1, vm2, type_arp, arp(2, vm1, own, nobody));
	EXPECT_FALSE(is_heard(probe)) << "of this host's guests";
	EXPECT_FALSE(is_heard(answer));
	set_ports(WEFT_PORT_REMOTE);
	EXPECT_TRUE(is_heard(probe));
	EXPECT_TRUE(is_heard(answer));
	EXPECT_FALSE(is_heard(who_has(unknown_v4))) << "no probe";
	EXPECT_FALSE(is_heard(ethernet(vm1, vm2, type_arp, arp(2, vm1, own, far_v4)))) << "no answer to one";
	for (int i = 0; i < 3 * WEFT_PUNTS_PER_TICK; ++i)
		run_bytes(probe);
	EXPECT_LE(handed().size(), 2U * WEFT_PUNTS_PER_TICK) << "so many in a tick";
	EXPECT_EQ(drops(WEFT_DROP_SERVICE_LIMITED), 0U) << "and the others only go on";
	serve(WEFT_SERVED_METADATA);
	EXPECT_FALSE(is_heard(probe)) << "where it gives no addresses";
}

TEST_F(HandingOver, bounds_what_one_port_asks_in_a_tick_and_leaves_room_for_others)
{
	// On a slow machine a tick may end meanwhile: then it may ask again.
	for (int i = 0; i < 3 * WEFT_PUNTS_PER_TICK && drops(WEFT_DROP_SERVICE_LIMITED) == 0; ++i)
		run_bytes(dhcp_request());
	EXPECT_EQ(drops(WEFT_DROP_SERVICE_LIMITED), 1U);
	run_bytes(dhcp_request(vm2), 2);
	const auto all = handed();
	EXPECT_GE(all.size(), WEFT_PUNTS_PER_TICK + 1U);
	EXPECT_EQ(all.back().head.port, 2U);
}

TEST_F(HandingOver, takes_a_connection_whole_as_long_as_weftd_keeps_up_and_leaves_room_for_others)
{
	const auto segment = ethernet(vm1, service_mac, type_v4, ipv4(own, metadata, tcp, transport(4000, 80)));
	constexpr int half_of_room = WEFT_PUNT_RING_BYTES / 2 / static_cast<int>(sizeof(weft_punt));
	for (int i = 0; i < 3 * WEFT_PUNTS_PER_TICK; ++i) {
		run_bytes(segment);
		if (i % 100 == 0)
			handed();
	}
	EXPECT_EQ(drops(WEFT_DROP_SERVICE_LIMITED), 0U);
	handed();
	std::size_t waiting = 0;
	for (int i = 0; i < 3 * half_of_room && drops(WEFT_DROP_SERVICE_LIMITED) == 0; ++i, ++waiting)
		run_bytes(segment);
	EXPECT_EQ(drops(WEFT_DROP_SERVICE_LIMITED), 1U) << "where nobody reads";
	EXPECT_LE(waiting, static_cast<std::size_t>(half_of_room) + WEFT_PUNTS_PER_TICK);
	EXPECT_EQ(services(dhcp_request(), 1).back(), WEFT_SERVICE_DHCP4) << "counted apart";
	EXPECT_EQ(services(dhcp_request(vm2), 2), Services{WEFT_SERVICE_DHCP4});
	// A tick may end at any time: then there may be as many again.
	const int counts = bpf_map__fd(skeleton()->maps.punted_segments);
	const std::uint32_t slot = 1;
	for (int i = 0; i < 10 && drops(WEFT_DROP_SERVICE_LIMITED) == 1; ++i) {
		weft_per_tick so_far{};
		run_bytes(segment);
		ASSERT_EQ(bpf_map_lookup_elem(counts, &slot, &so_far), 0);
		so_far.count = WEFT_SEGMENTS_PER_TICK;
		ASSERT_EQ(bpf_map_update_elem(counts, &slot, &so_far, BPF_ANY), 0);
	}
	EXPECT_EQ(drops(WEFT_DROP_SERVICE_LIMITED), 2U) << "where there are too many";
}

TEST_F(HandingOver, goes_on_when_nobody_reads)
{
	constexpr int most = WEFT_PUNT_RING_BYTES / static_cast<int>(sizeof(weft_punt));
	const std::uint32_t slot = 1;
	const weft_per_tick nothing{};
	for (int i = 0; i <= most; ++i) {
		if (i % WEFT_PUNTS_PER_TICK == 0) {
			ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(skeleton()->maps.punted), &slot, &nothing, BPF_ANY),
				  0);
		}
		run_bytes(dhcp_request());
	}
	EXPECT_GE(drops(WEFT_DROP_SERVICE_ABSENT), 1U);
	EXPECT_EQ(run_bytes(who_has(far_v4)).verdict, TC_ACT_REDIRECT);
	EXPECT_GE(handed().size(), static_cast<std::size_t>(WEFT_PUNTS_PER_TICK)) << "until somebody reads";
	EXPECT_TRUE(goes_on(who_has(unknown_v4)));
	EXPECT_EQ(services(dhcp_request(vm2), 2), Services{WEFT_SERVICE_DHCP4});
}

} // namespace
} // namespace weft
