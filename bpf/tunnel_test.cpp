// The fast path of tunnels, decision by decision (BPF_PROG_TEST_RUN). TC_ACT_UNSPEC: the packet takes its way through
// the host's stack. Real packets between real devices are in tests/system/fast_path_test.py.
#include "bpf/tunnel_fixture.hpp"

namespace weft
{
namespace
{

constexpr std::uint8_t remote = 7, stranger = 8;

TEST_F(TunnelTest, sends_a_packet_of_an_admitted_remote_straight_to_the_port)
{
	admit(remote);
	const auto inner = inner_frame(vm2, vm1);
	const auto verdict = arrive(from_remote(remote, inner));
	EXPECT_EQ(verdict.action, TC_ACT_REDIRECT);
	EXPECT_EQ(verdict.bytes, inner);
}

TEST_F(TunnelTest, counts_what_it_sends_past_the_device_as_received_by_the_tunnel)
{
	admit(remote);
	arrive(from_remote(remote, inner_frame(vm2, vm1)));
	EXPECT_EQ(passed(tunnel_slot).rx_frames, 1U);
	EXPECT_EQ(passed(tunnel_slot).rx_bytes, 60U);
	EXPECT_EQ(passed(vm_slot).tx_frames, 0U) << "its device counts by itself";
}

TEST_F(TunnelTest, leaves_a_remote_of_which_nothing_came_through_the_stack_to_the_stack)
{
	admit(remote);
	const auto inner = inner_frame(vm2, vm1);
	for (int i = 0; i < 3; ++i) {
		const auto verdict = arrive(from_remote(stranger, inner));
		EXPECT_EQ(verdict.action, TC_ACT_UNSPEC);
		EXPECT_NE(verdict.index, 0U) << "it is offered";
	}
}

TEST_F(TunnelTest, admits_an_address_only_behind_the_remote_it_came_from)
{
	const auto id = admit(remote);
	const auto other = admit(stranger); // vm2 has moved.
	EXPECT_NE(id, other);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_UNSPEC);
	EXPECT_EQ(arrive(from_remote(stranger, inner_frame(vm2, vm1))).action, TC_ACT_REDIRECT);
}

TEST_F(TunnelTest, leaves_an_address_that_was_not_heard_through_the_stack_to_the_stack)
{
	admit(remote);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(Mac{2, 0, 0, 0, 0, 9}, vm1))).action, TC_ACT_UNSPEC);
}

TEST_F(TunnelTest, takes_no_number_from_a_port_that_is_no_tunnel)
{
	admit(remote);
	const auto id = arrive(from_remote(stranger, inner_frame(vm2, vm1))).index;
	enter_by(vm_slot, inner_frame(Mac{2, 0, 0, 0, 0, 9}, everybody), id);
	EXPECT_EQ(vtep(id).is_admitted, 0U);
}

TEST_F(TunnelTest, takes_no_number_of_another_tunnel)
{
	const auto id = arrive(from_remote(remote, inner_frame(vm2, vm1))).index;
	auto entry = vtep(id);
	entry.port = 77;
	put_vtep(id, entry);
	enter_by(tunnel_slot, inner_frame(vm2, everybody), id);
	EXPECT_EQ(vtep(id).is_admitted, 0U);
	EXPECT_EQ(find(vm2)->vtep, 0U);
}

TEST_F(TunnelTest, listens_to_nobody_else_where_remotes_are_strict)
{
	listen_only_to(remote);
	const auto inner = inner_frame(vm2, vm1);
	admit(remote);
	EXPECT_EQ(arrive(from_remote(remote, inner)).action, TC_ACT_REDIRECT);

	const auto verdict = arrive(from_remote(stranger, inner));
	EXPECT_EQ(verdict.action, TC_ACT_UNSPEC);
	EXPECT_EQ(verdict.index, 0U);
	EXPECT_EQ(enter_by(tunnel_slot, inner, verdict.index).action, TC_ACT_SHOT);
	EXPECT_EQ(drops(WEFT_DROP_UNKNOWN_REMOTE, tunnel_slot), 1U);
}

TEST_F(TunnelTest, learns_nothing_from_a_remote_that_it_does_not_listen_to)
{
	listen_only_to(remote);
	admit(remote);
	const auto inner = inner_frame(vm2, everybody); // As if vm2 were behind the stranger.
	enter_by(tunnel_slot, inner, arrive(from_remote(stranger, inner)).index);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_REDIRECT) << "vm2 is where it was";
}

TEST_F(TunnelTest, stops_to_listen_to_a_remote_that_is_not_configured_any_more)
{
	const auto id = admit(stranger);
	EXPECT_NE(id, 0U);
	listen_only_to(remote);
	forget_ways();
	const auto verdict = arrive(from_remote(stranger, inner_frame(vm2, vm1)));
	EXPECT_EQ(verdict.action, TC_ACT_UNSPEC);
	EXPECT_EQ(verdict.index, 0U);
}

TEST_F(TunnelTest, asks_the_stack_again_after_the_admission_time)
{
	admit(remote);
	auto entry = find(vm2).value();
	entry.admitted_tick -= 198;
	put(vm2, entry);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_REDIRECT);
	entry.admitted_tick -= 3;
	put(vm2, entry);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_UNSPEC);
	admit(remote);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_REDIRECT);
}

TEST_F(TunnelTest, asks_the_stack_again_when_ways_may_have_changed)
{
	admit(remote);
	forget_ways();
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_UNSPEC);
}

TEST_F(TunnelTest, stops_when_the_port_is_no_tunnel_of_the_fast_path_any_more)
{
	admit(remote);
	set_port(tunnel_slot, {});
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_UNSPEC);
}

TEST_F(TunnelTest, does_not_look_at_what_belongs_to_no_tunnel)
{
	const auto packet = from_remote(remote, inner_frame(vm2, vm1));
	auto other_vni = packet;
	other_vni.bytes[Packet::vxlan_vni + 2] = vni + 1;
	auto other_port = packet;
	put_u16(other_port.bytes, Packet::udp_port, 8472);
	auto tcp = packet;
	tcp.set(Packet::ip_protocol, 6);
	for (const auto &one : {other_vni, other_port, tcp}) {
		const auto verdict = arrive(one);
		EXPECT_EQ(verdict.action, TC_ACT_UNSPEC);
		EXPECT_EQ(verdict.index, 0U);
		EXPECT_EQ(verdict.bytes, one.bytes);
	}
}

TEST_F(TunnelTest, leaves_odd_headers_to_the_kernels_device)
{
	admit(remote);
	const auto sound = from_remote(remote, inner_frame(vm2, vm1));
	std::map<std::string, Packet> odd;
	const auto make = [&](const char *name) -> Packet & { return odd.emplace(name, sound).first->second; };
	make("no VNI flag").bytes[Packet::vxlan_flags] = 0;
	make("another flag").bytes[Packet::vxlan_flags] = 0x88;
	make("a reserved bit before the VNI").bytes[Packet::vxlan_flags + 3] = 1;
	make("a reserved bit after the VNI").bytes[Packet::vxlan_vni + 3] = 1;
	make("IP options").set(Packet::ip, 0x46);
	make("a first fragment").set(Packet::ip_fragment, 0x20);
	make("a later fragment").set(Packet::ip_fragment + 1, 3);
	make("a bad IP checksum").bytes[Packet::ip_sum] ^= 1;
	make("congestion was met").set(Packet::ip_tos, 3);
	make("a UDP checksum that nobody checked").bytes[Packet::udp_sum] = 1;
	make("another UDP length").bytes[Packet::udp_bytes + 1] ^= 1;
	make("another IP length").set(Packet::ip_bytes + 1, 1);
	make("bytes behind its end").bytes.push_back(0);
	make("not for this host's address").bytes[0] ^= 2;
	make("for another address of this host").set(Packet::ip_to + 3, 2);
	make("for a multicast group").set(Packet::ip_to, 239);
	make("its address is a group's").bytes[Packet::inner + 6] = 1;
	make("for many").bytes[Packet::inner] = 1;
	make("from nobody").bytes.assign(sound.bytes.begin(), sound.bytes.end());
	std::fill_n(odd.at("from nobody").bytes.begin() + Packet::inner + 6, 6, 0);
	put_u16(make("ARP inside").bytes, Packet::inner + 12, 0x0806);
	put_u16(make("a tag inside").bytes, Packet::inner + 12, 0x8100);
	make("UDP in segments").gso_bytes = 20;
	for (const auto &[name, packet] : odd) {
		const auto verdict = arrive(packet);
		EXPECT_EQ(verdict.action, TC_ACT_UNSPEC) << name;
		EXPECT_EQ(verdict.bytes, packet.bytes) << name;
	}
	EXPECT_EQ(arrive(sound).action, TC_ACT_REDIRECT);
}

TEST_F(TunnelTest, leaves_packets_that_end_too_early_to_the_kernels_device)
{
	admit(remote);
	const auto sound = from_remote(remote, inner_frame(vm2, vm1));
	for (std::size_t size = 14; size < Packet::inner + 34; ++size) {
		auto cut = sound;
		cut.bytes.resize(size);
		put_u16(cut.bytes, 12, size < 34 ? 0x88b5 : 0x0800);
		if (size >= 34) {
			put_u16(cut.bytes, Packet::ip_bytes, static_cast<std::uint16_t>(size - 14));
			cut.mend_checksum();
		}
		if (size >= 42)
			put_u16(cut.bytes, Packet::udp_bytes, static_cast<std::uint16_t>(size - 34));
		EXPECT_EQ(arrive(cut).action, TC_ACT_UNSPEC) << size;
	}
}

TEST_F(TunnelTest, forwards_a_tunnel_inside_a_tunnel_as_any_other_packet)
{
	admit(remote);
	auto nested = from_remote(stranger, inner_frame(vm1, vm2)).bytes;
	std::ranges::copy(vm1, nested.begin());
	std::ranges::copy(vm2, nested.begin() + 6);
	const auto verdict = arrive(from_remote(remote, nested));
	EXPECT_EQ(verdict.action, TC_ACT_REDIRECT);
	EXPECT_EQ(verdict.bytes, nested);
}

TEST_F(TunnelTest, leaves_what_has_no_known_receiver_to_the_kernels_device)
{
	admit(remote);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, Mac{2, 0, 0, 0, 0, 9}))).action, TC_ACT_UNSPEC);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm2))).action, TC_ACT_UNSPEC) << "behind the tunnel";
}

TEST_F(TunnelTest, leaves_what_may_pretend_to_be_a_service_of_the_switch_to_the_kernels_device)
{
	const std::size_t fragment = 20, protocol = 23, from = 26, port = 36, protocol_v6 = 20;
	set_tunnel({.port = tunnel_slot, .source_port = 40000, .source_ports = 1000, .flags = 0, .ageing_s = 300},
		   false, WEFT_PORT_SERVED);
	admit(remote);
	const auto frame = inner_frame(vm2, vm1);
	const auto action_with = [&](std::size_t at, std::uint8_t value) {
		auto changed = frame;
		changed[at] = value;
		return arrive(from_remote(remote, changed)).action;
	};
	EXPECT_EQ(arrive(from_remote(remote, frame)).action, TC_ACT_REDIRECT);
	EXPECT_EQ(action_with(port + 1, 68), TC_ACT_UNSPEC) << "as an answer of DHCP";
	EXPECT_EQ(action_with(port + 1, 67), TC_ACT_REDIRECT);
	EXPECT_EQ(action_with(protocol, 6), TC_ACT_REDIRECT);
	EXPECT_EQ(action_with(fragment, 0x20), TC_ACT_UNSPEC);
	auto from_metadata = frame;
	std::ranges::copy(std::array<std::uint8_t, 4>{169, 254, 169, 254}, from_metadata.begin() + from);
	EXPECT_EQ(arrive(from_remote(remote, from_metadata)).action, TC_ACT_UNSPEC);
	auto v6 = frame;
	put_u16(v6, 12, 0x86dd);
	v6[14] = 0x60;
	v6[protocol_v6] = 58;
	EXPECT_EQ(arrive(from_remote(remote, v6)).action, TC_ACT_UNSPEC) << "as a router advertisement";
}

TEST_F(TunnelTest, keeps_the_way_of_an_address_that_sends_to_the_group_too)
{
	const auto id = admit(remote);
	auto to_group = from_remote(remote, inner_frame(vm2, everybody));
	to_group.set(Packet::ip_to, 239);
	const auto group_id = arrive(to_group).index;
	EXPECT_NE(group_id, id);
	enter_by(tunnel_slot, inner_frame(vm2, everybody), group_id);
	EXPECT_EQ(find(vm2)->vtep, id);
	auto moved = from_remote(stranger, inner_frame(vm2, everybody));
	moved.set(Packet::ip_to, 239);
	enter_by(tunnel_slot, inner_frame(vm2, everybody), arrive(moved).index);
	EXPECT_NE(find(vm2)->vtep, id) << "but it moves to another remote end";
}

// --- what is sent -----------------------------------------------------------------------------------------------

TEST_F(TunnelTest, hands_a_frame_to_the_device_with_the_number_of_its_remote_end)
{
	const auto id = admit(remote);
	const auto verdict = enter_by(vm_slot, inner_frame(vm1, vm2));
	EXPECT_EQ(verdict.action, TC_ACT_REDIRECT);
	EXPECT_EQ(verdict.index, id);
	EXPECT_EQ(verdict.bytes, inner_frame(vm1, vm2));
}

// The kernel's device sends a frame to the remote end: its header turned around, and a sender's port.
Packet sent_by_the_kernel(Packet packet)
{
	std::swap_ranges(packet.bytes.begin(), packet.bytes.begin() + 6, packet.bytes.begin() + 6);
	std::swap_ranges(packet.bytes.begin() + Packet::ip_from, packet.bytes.begin() + Packet::ip_to,
			 packet.bytes.begin() + Packet::ip_to);
	put_u16(packet.bytes, Packet::udp_sum, 0xabcd);
	return packet.set(22, 61);
}

TEST_F(TunnelTest, sends_with_the_header_that_the_kernel_gave_to_a_frame_before)
{
	const auto id = admit(remote);
	const auto inner = inner_frame(vm1, vm2);
	const auto sample = sent_by_the_kernel(from_remote(remote, inner));
	EXPECT_EQ(leave(sample, id).action, TC_ACT_UNSPEC);

	const auto verdict = enter_by(vm_slot, inner);
	EXPECT_EQ(verdict.action, TC_ACT_REDIRECT);
	EXPECT_EQ(verdict.index, 0U);
	ASSERT_EQ(verdict.bytes.size(), sample.bytes.size());
	auto expected = sample;
	const auto port = get_u16(verdict.bytes, Packet::udp);
	EXPECT_TRUE(port >= 40000 && port < 41000) << port;
	put_u16(expected.bytes, Packet::udp, port);
	put_u16(expected.bytes, Packet::udp_sum, 0);
	put_u16(expected.bytes, 18, get_u16(verdict.bytes, 18)); // The packet's identification.
	EXPECT_EQ(verdict.bytes, expected.mend_checksum().bytes);
	EXPECT_EQ(passed(tunnel_slot).tx_frames, 1U);
	EXPECT_EQ(passed(tunnel_slot).tx_bytes, inner.size());
}

TEST_F(TunnelTest, copies_congestion_bits_out_but_not_a_mark_of_congestion)
{
	const auto id = admit(remote);
	leave(sent_by_the_kernel(from_remote(remote, inner_frame(vm1, vm2))), id);
	for (const auto &[inside, outside] : std::map<std::uint8_t, int>{{0, 0}, {1, 1}, {2, 2}, {3, 2}}) {
		auto inner = inner_frame(vm1, vm2);
		inner[15] = inside;
		auto sent = Packet{enter_by(vm_slot, inner).bytes};
		EXPECT_EQ(sent.bytes[Packet::ip_tos], outside);
		const auto as_sent = sent.bytes;
		EXPECT_EQ(sent.mend_checksum().bytes, as_sent);
	}
}

TEST_F(TunnelTest, takes_no_template_from_other_packets)
{
	const auto id = admit(remote);
	const auto sound = sent_by_the_kernel(from_remote(remote, inner_frame(vm1, vm2)));
	std::map<std::string, Packet> others;
	const auto make = [&](const char *name) -> Packet & { return others.emplace(name, sound).first->second; };
	make("to another remote end").set(Packet::ip_to + 3, stranger);
	make("another VNI").bytes[Packet::vxlan_vni + 2] = 9;
	make("another UDP port").bytes[Packet::udp_port] = 9;
	make("a flag").bytes[Packet::vxlan_flags] = 0x88;
	make("a fragment").set(Packet::ip_fragment, 0x20);
	make("options").set(Packet::ip, 0x46);
	make("no UDP").set(Packet::ip_protocol, 6);
	make("cut off").bytes.resize(48);
	for (const auto &[name, packet] : others) {
		EXPECT_EQ(leave(packet, id).action, TC_ACT_UNSPEC) << name;
		EXPECT_EQ(vtep(id).outer.bytes, 0U) << name;
	}
	leave(sound, 0);
	EXPECT_EQ(vtep(id).outer.bytes, 0U) << "not ours";
	EXPECT_EQ(leave(sound, id).index, 0U);
	EXPECT_EQ(vtep(id).outer.bytes, 50U);
}

TEST_F(TunnelTest, sends_odd_frames_by_the_kernels_device)
{
	const auto id = admit(remote);
	leave(sent_by_the_kernel(from_remote(remote, inner_frame(vm1, vm2))), id);
	const auto sent_by_device = [&](const Bytes &inner) { return enter_by(vm_slot, inner).index == id; };
	auto arp = inner_frame(vm1, vm2);
	put_u16(arp, 12, 0x0806);
	EXPECT_TRUE(sent_by_device(arp));
	auto too_big = inner_frame(vm1, vm2);
	too_big.resize(1500 + 14 - 50 + 1);
	EXPECT_TRUE(sent_by_device(too_big)) << "the kernel cuts it up, or refuses it";
	too_big.pop_back();
	EXPECT_FALSE(sent_by_device(too_big));
	EXPECT_FALSE(sent_by_device(inner_frame(vm1, vm2)));
}

TEST_F(TunnelTest, asks_the_kernel_for_a_template_again_after_its_time)
{
	const auto id = admit(remote);
	const auto sample = sent_by_the_kernel(from_remote(remote, inner_frame(vm1, vm2)));
	leave(sample, id);
	auto entry = vtep(id);
	entry.outer.tick -= WEFT_TEMPLATE_TICKS;
	put_vtep(id, entry);
	EXPECT_EQ(enter_by(vm_slot, inner_frame(vm1, vm2)).index, id);
	leave(sample, id);
	EXPECT_EQ(enter_by(vm_slot, inner_frame(vm1, vm2)).index, 0U);
	forget_ways();
	EXPECT_EQ(enter_by(vm_slot, inner_frame(vm1, vm2)).index, id);
}

TEST_F(TunnelTest, leaves_headers_that_depend_on_what_is_inside_to_the_kernel)
{
	set_tunnel({.port = tunnel_slot,
		    .source_port = 40000,
		    .source_ports = 1000,
		    .flags = WEFT_TUNNEL_KERNEL_SENDS,
		    .ageing_s = 300});
	const auto id = admit(remote);
	leave(sent_by_the_kernel(from_remote(remote, inner_frame(vm1, vm2))), id);
	EXPECT_EQ(vtep(id).outer.bytes, 0U);
}

TEST_F(TunnelTest, does_not_send_to_who_has_taken_the_number_since)
{
	const auto id = admit(remote);
	leave(sent_by_the_kernel(from_remote(remote, inner_frame(vm1, vm2))), id);
	auto entry = vtep(id);
	++entry.claimed_tick;
	put_vtep(id, entry);
	const auto verdict = enter_by(vm_slot, inner_frame(vm1, vm2));
	EXPECT_EQ(verdict.index, 0U);
	EXPECT_EQ(verdict.bytes, inner_frame(vm1, vm2));
}

// --- room for remote ends ---------------------------------------------------------------------------------------

TEST_F(TunnelTest, keeps_those_that_are_busy_where_there_is_no_room_for_more)
{
	const auto id = admit(remote);
	auto entry = vtep(id);
	for (std::uint32_t other = 1; other < WEFT_MAX_VTEPS; ++other) {
		if (other == id)
			continue;
		auto busy = entry;
		busy.key.remote[3] = other;
		put_vtep(other, busy);
	}
	EXPECT_EQ(arrive(from_remote(stranger, inner_frame(vm2, vm1))).index, 0U);
	EXPECT_EQ(arrive(from_remote(remote, inner_frame(vm2, vm1))).action, TC_ACT_REDIRECT);
	for (std::uint32_t other = 1; other < WEFT_MAX_VTEPS; ++other) {
		auto silent = vtep(other);
		silent.used_tick -= WEFT_VTEP_IDLE_TICKS + 1;
		put_vtep(other, silent);
	}
	EXPECT_NE(arrive(from_remote(stranger, inner_frame(vm2, vm1))).index, 0U);
}

} // namespace
} // namespace weft
