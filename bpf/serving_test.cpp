// Served VLANs: what asks for a service is handed to weftd, neighbours are told at once, and whoever pretends to be a
// service ends here (BPF_PROG_TEST_RUN). Ports 1 and 2 are access ports of VLAN 10; weftd is this test.
#include "bpf/datapath_fixture.hpp"
#include "bpf/service_frames.hpp"

namespace weft
{
namespace
{

constexpr std::uint16_t vlan = 10;
constexpr Mac far{0x52, 0x54, 0, 0, 0, 9}, all_nodes{0x33, 0x33, 0, 0, 0, 1};
constexpr V4 own{10, 0, 0, 1}, far_v4{10, 0, 0, 9}, unknown_v4{10, 0, 0, 200};
constexpr V6 own_v6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
constexpr V6 far_v6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9};
constexpr V6 group{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 9};
constexpr std::uint8_t udp = 17, tcp = 6, icmp6 = 58;
constexpr std::uint16_t type_arp = 0x0806, type_v4 = 0x0800, type_v6 = 0x86dd;

weft_address mapped(const V4 &address)
{
	weft_address result{};
	auto *bytes = reinterpret_cast<std::uint8_t *>(result.words);
	bytes[10] = bytes[11] = 0xff;
	std::ranges::copy(address, bytes + 12);
	return result;
}
weft_address mapped(const V6 &address)
{
	weft_address result{};
	std::ranges::copy(address, reinterpret_cast<std::uint8_t *>(result.words));
	return result;
}

Bytes dhcp_request(const Mac &from = vm1)
{
	return ethernet(from, everybody, type_v4, ipv4(nobody, {255, 255, 255, 255}, udp, transport(68, 67, 300)));
}
Bytes dhcp_answer(V4Options options = {})
{
	return ethernet(vm2, vm1, type_v4, ipv4(far_v4, own, udp, transport(67, 68, 300), options));
}
Bytes who_has(const V4 &target, const V4 &sender = own, const Mac &from = vm1)
{
	return ethernet(from, everybody, type_arp, arp(1, from, sender, target));
}
Bytes solicitation(const V6 &target, const V6 &source = own_v6, const Mac &from = vm1)
{
	const auto option = source == nobody_v6 ? Bytes{} : mac_option(1, from);
	return ethernet(from, {0x33, 0x33, 0xff, 0, 0, 9}, type_v6,
			ipv6(source, group, icmp6, discovery(135, about(target), option)));
}
Bytes router_advertisement(const Bytes &options = {})
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

TEST_F(Serving, hands_a_dhcp_request_to_weftd_with_where_it_came_from)
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

TEST_F(Serving, hands_over_a_renewal_to_whatever_address)
{
	put(vm2, put_by_hand(2), vlan);
	EXPECT_EQ(services(ethernet(vm1, vm2, type_v4, ipv4(own, far_v4, udp, transport(68, 67, 300)))),
		  Services{WEFT_SERVICE_DHCP4});
}

TEST_F(Serving, hands_over_what_asks_by_ipv6)
{
	EXPECT_EQ(services(ethernet(vm1, {0x33, 0x33, 0, 1, 0, 2}, type_v6,
				    ipv6(own_v6, group, udp, transport(546, 547, 100)))),
		  Services{WEFT_SERVICE_DHCP6});
	EXPECT_EQ(services(ethernet(vm1, {0x33, 0x33, 0, 0, 0, 2}, type_v6,
				    ipv6(own_v6, group, icmp6, discovery(133, Bytes(4))))),
		  Services{WEFT_SERVICE_ROUTER});
}

TEST_F(Serving, hands_over_what_asks_for_metadata_by_the_router_or_directly)
{
	for (const auto &to : {service_mac, vm2})
		EXPECT_EQ(services(ethernet(vm1, to, type_v4, ipv4(own, metadata, tcp, transport(4000, 80)))),
			  Services{WEFT_SERVICE_METADATA});
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v4, ipv4(own, metadata, tcp, transport(4000, 443)))));
	EXPECT_TRUE(goes_on(ethernet(vm1, vm2, type_v4, ipv4(own, far_v4, tcp, transport(4000, 80)))));
}

TEST_F(Serving, reads_past_options_and_extension_headers)
{
	EXPECT_EQ(
	    services(ethernet(vm1, everybody, type_v4, ipv4(nobody, own, udp, transport(68, 67, 300), {.words = 15}))),
	    Services{WEFT_SERVICE_DHCP4});
	EXPECT_EQ(services(ethernet(vm1, all_nodes, type_v6,
				    ipv6(own_v6, group, 0, behind_extension(udp, transport(546, 547, 100))))),
		  Services{WEFT_SERVICE_DHCP6});
}

TEST_F(Serving, takes_the_largest_frame_and_counts_a_larger_one)
{
	auto frame = dhcp_request();
	frame.resize(WEFT_PUNT_BYTES);
	EXPECT_EQ(services(frame), Services{WEFT_SERVICE_DHCP4});
	frame.resize(WEFT_PUNT_BYTES + 1);
	EXPECT_TRUE(is_dropped(frame, WEFT_DROP_SERVICE_TOO_BIG));
}

TEST_F(Serving, takes_fragments_for_no_request)
{
	EXPECT_TRUE(goes_on(
	    ethernet(vm1, everybody, type_v4, ipv4(nobody, own, udp, transport(68, 67, 300), {.fragment = 0x2000}))));
}

TEST_F(Serving, hands_over_nothing_that_comes_from_other_hosts)
{
	set_ports(WEFT_PORT_REMOTE);
	EXPECT_TRUE(goes_on(dhcp_request()));
	EXPECT_TRUE(goes_on(who_has(far_v4)));
	EXPECT_TRUE(goes_on(solicitation(far_v6)));
}

TEST_F(Serving, hands_over_only_what_the_vlan_serves)
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

TEST_F(Serving, lets_weftd_hear_which_addresses_are_in_use_on_other_hosts)
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

TEST_F(Serving, bounds_what_one_port_asks_in_a_tick_and_leaves_room_for_others)
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

TEST_F(Serving, takes_a_connection_whole_as_long_as_weftd_keeps_up_and_leaves_room_for_others)
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

TEST_F(Serving, goes_on_when_nobody_reads)
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
