// What is too big for a tunnel: who is told, by which message, and who cannot be (BPF_PROG_TEST_RUN). Slot 2 is the
// tunnel. With real senders it is in tests/system/mtu_test.py.
#include "bpf/datapath_fixture.hpp"

namespace weft
{
namespace
{

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t mtu = 1450;
constexpr std::uint8_t icmp = 1, tcp = 6, udp = 17, icmp6 = 58;
constexpr std::size_t ethernet_bytes = 14, v4_bytes = 20, v6_bytes = 40;

std::uint16_t get(const Bytes &bytes, std::size_t at)
{
	return static_cast<std::uint16_t>(bytes.at(at) << 8 | bytes.at(at + 1));
}
void put(Bytes &bytes, std::size_t at, std::size_t value)
{
	bytes.at(at) = static_cast<std::uint8_t>(value >> 8);
	bytes.at(at + 1) = static_cast<std::uint8_t>(value);
}
// RFC 1071; what is left out begins with `sum`.
std::uint16_t sum_of(const Bytes &bytes, std::size_t from, std::size_t to, std::uint32_t sum = 0)
{
	for (std::size_t at = from; at < to; at += 2)
		sum += get(bytes, at);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return static_cast<std::uint16_t>(sum);
}
std::uint16_t complement(std::uint16_t sum) { return static_cast<std::uint16_t>(~sum); }

Bytes ethernet(std::uint16_t type, std::size_t size)
{
	Bytes frame(ethernet_bytes + size);
	std::ranges::copy(vm2, frame.begin());
	std::ranges::copy(vm1, frame.begin() + 6);
	put(frame, 12, type);
	for (std::size_t at = ethernet_bytes; at < frame.size(); ++at)
		frame[at] = static_cast<std::uint8_t>(at * 7);
	return frame;
}
void mend(Bytes &frame)
{
	put(frame, 24, 0);
	put(frame, 24, complement(sum_of(frame, 14, 34)));
}
// A packet of so many bytes, header included, from 10.0.0.1 to 10.0.0.2.
Bytes v4(std::size_t size, std::uint8_t protocol = tcp)
{
	auto frame = ethernet(0x0800, size);
	const Bytes header{0x45,
			   0,
			   static_cast<std::uint8_t>(size >> 8),
			   static_cast<std::uint8_t>(size),
			   0x12,
			   3,
			   0x40,
			   0,
			   64,
			   protocol,
			   0,
			   0,
			   10,
			   0,
			   0,
			   1,
			   10,
			   0,
			   0,
			   2};
	std::ranges::copy(header, frame.begin() + ethernet_bytes);
	if (protocol == tcp)
		frame[ethernet_bytes + v4_bytes + 12] = 5 << 4;
	mend(frame);
	return frame;
}
// The same from fd00::1 to fd00::2.
Bytes v6(std::size_t size, std::uint8_t protocol = tcp)
{
	auto frame = ethernet(0x86dd, size);
	std::fill_n(frame.begin() + ethernet_bytes, v6_bytes, std::uint8_t{0});
	frame[14] = 0x60;
	put(frame, 18, size - v6_bytes);
	frame[20] = protocol;
	frame[21] = 64;
	frame[22] = frame[38] = 0xfd;
	frame[37] = 1;
	frame[53] = 2;
	if (protocol == tcp)
		frame[ethernet_bytes + v6_bytes + 12] = 5 << 4;
	return frame;
}

class TooBig : public DatapathTest
{
      protected:
	void SetUp() override
	{
		DatapathTest::SetUp();
		if (IsSkipped() || HasFatalFailure())
			return;
		set_port(2, {.mtu_bytes = mtu});
		put(vm2, put_by_hand(2, 0));
	}
	using DatapathTest::put;

	// The program's verdict on a frame that enters by slot 1; the frame afterwards is in `frame`.
	int send(Bytes &frame, std::uint32_t gso_bytes = 0)
	{
		__sk_buff context{};
		context.ifindex = ifindex(1);
		context.gso_size = gso_bytes;
		Bytes after(frame.size() + 256);
		auto options = bpf_test_run_opts();
		options.sz = sizeof options;
		options.data_in = frame.data();
		options.data_size_in = static_cast<std::uint32_t>(frame.size());
		options.data_out = after.data();
		options.data_size_out = static_cast<std::uint32_t>(after.size());
		options.ctx_in = &context;
		options.ctx_size_in = sizeof context;
		EXPECT_EQ(bpf_prog_test_run_opts(bpf_program__fd(skeleton()->progs.port_ingress), &options), 0);
		after.resize(options.data_size_out);
		frame = after;
		return static_cast<int>(options.retval);
	}
	// Nothing is told, and the frame goes on.
	bool passes(Bytes frame, std::uint32_t gso_bytes = 0)
	{
		const auto counted = told() + untold();
		return send(frame, gso_bytes) == TC_ACT_REDIRECT && told() + untold() == counted;
	}
	// The MTU that the sender is told; 0: it is not told, and the frame is counted.
	unsigned told_mtu(Bytes frame, std::uint32_t gso_bytes = 0)
	{
		const auto before = std::pair(told(), untold());
		const int verdict = send(frame, gso_bytes);
		if (told() == before.first) {
			EXPECT_EQ(verdict, TC_ACT_SHOT);
			EXPECT_EQ(untold(), before.second + 1);
			return 0;
		}
		EXPECT_EQ(verdict, TC_ACT_REDIRECT);
		return get(frame, get(frame, 12) == 0x0800 ? 40 : 60);
	}
	std::uint64_t told() { return drops(WEFT_DROP_TOO_BIG_TOLD); }
	std::uint64_t untold() { return drops(WEFT_DROP_TOO_BIG); }
};

void expect_sound_v4(const Bytes &message, const char *what)
{
	EXPECT_EQ(sum_of(message, 14, 34), 0xffff) << what << ": the IP header's checksum";
	EXPECT_EQ(sum_of(message, 34, message.size()), 0xffff) << what << ": the ICMP checksum";
}
void expect_sound_v6(const Bytes &message, const char *what)
{
	const auto payload = static_cast<std::uint32_t>(message.size() - ethernet_bytes - v6_bytes);
	EXPECT_EQ(sum_of(message, 22, message.size(), payload + icmp6), 0xffff) << what << ": the ICMPv6 checksum";
}
// As the kernel does it for a frame whose sender left it to the device.
Bytes fill_in_checksum(Bytes message, std::size_t transport, std::size_t checksum)
{
	put(message, transport + checksum, complement(sum_of(message, transport, message.size())));
	return message;
}

TEST_F(TooBig, tells_a_sender_of_ipv4_how_large_a_packet_may_be)
{
	const auto packet = v4(1500);
	auto message = packet;
	ASSERT_EQ(send(message), TC_ACT_REDIRECT);
	ASSERT_EQ(message.size(), ethernet_bytes + 576);
	EXPECT_TRUE(std::equal(vm1.begin(), vm1.end(), message.begin()));
	EXPECT_TRUE(std::equal(vm2.begin(), vm2.end(), message.begin() + 6));
	EXPECT_EQ(get(message, 12), 0x0800);
	EXPECT_EQ(get(message, 16), 576);
	EXPECT_EQ(message.at(23), icmp);
	EXPECT_TRUE(std::equal(packet.begin() + 26, packet.begin() + 30, message.begin() + 30)) << "to who sent it";
	EXPECT_TRUE(std::equal(packet.begin() + 30, packet.begin() + 34, message.begin() + 26))
	    << "from who it was for";
	EXPECT_EQ(get(message, 34), 0x0304) << "fragmentation needed";
	EXPECT_EQ(get(message, 38), 0);
	EXPECT_EQ(get(message, 40), mtu);
	EXPECT_TRUE(std::equal(message.begin() + 42, message.end() - 2, packet.begin() + 14)) << "what it is about";
	expect_sound_v4(message, "told");
	EXPECT_EQ(told(), 1U);
	EXPECT_EQ(untold(), 0U);
}

TEST_F(TooBig, tells_a_sender_of_ipv6)
{
	const auto packet = v6(1500);
	auto message = packet;
	ASSERT_EQ(send(message), TC_ACT_REDIRECT);
	ASSERT_EQ(message.size(), ethernet_bytes + 1280);
	EXPECT_EQ(get(message, 12), 0x86dd);
	EXPECT_EQ(message.at(14) >> 4, 6);
	EXPECT_EQ(get(message, 18), 1240);
	EXPECT_EQ(message.at(20), icmp6);
	EXPECT_TRUE(std::equal(packet.begin() + 22, packet.begin() + 38, message.begin() + 38)) << "to who sent it";
	EXPECT_TRUE(std::equal(packet.begin() + 38, packet.begin() + 54, message.begin() + 22))
	    << "from who it was for";
	EXPECT_EQ(get(message, 54), 0x0200) << "packet too big";
	EXPECT_EQ(get(message, 58), 0);
	EXPECT_EQ(get(message, 60), mtu);
	EXPECT_TRUE(std::equal(message.begin() + 62, message.end() - 2, packet.begin() + 14)) << "what it is about";
	expect_sound_v6(message, "told");
}

TEST_F(TooBig, has_a_checksum_that_holds_when_the_quoted_packets_is_filled_in_later)
{
	for (const auto protocol : {tcp, udp}) {
		const std::size_t checksum = protocol == tcp ? 16 : 6;
		for (const std::size_t seed : {0x0000, 0x0001, 0x1234, 0xfffe, 0xffff}) {
			auto over_v4 = v4(1500, protocol);
			weft::put(over_v4, 34 + checksum, seed);
			ASSERT_EQ(send(over_v4), TC_ACT_REDIRECT);
			expect_sound_v4(over_v4, "as it is");
			expect_sound_v4(fill_in_checksum(over_v4, 62, checksum), "filled in");
			auto over_v6 = v6(1500, protocol);
			weft::put(over_v6, 54 + checksum, seed);
			ASSERT_EQ(send(over_v6), TC_ACT_REDIRECT);
			expect_sound_v6(over_v6, "as it is");
			expect_sound_v6(fill_in_checksum(over_v6, 102, checksum), "filled in");
		}
	}
}

TEST_F(TooBig, begins_one_byte_above_what_the_tunnel_carries)
{
	EXPECT_TRUE(passes(v4(mtu)));
	EXPECT_EQ(told_mtu(v4(mtu + 1)), mtu);
	EXPECT_TRUE(passes(v6(mtu)));
	EXPECT_EQ(told_mtu(v6(mtu + 1)), mtu);
}

TEST_F(TooBig, leaves_room_for_a_tag_that_goes_through_the_tunnel)
{
	set_port(1, {.tag = 10});
	put(vm2, put_by_hand(2, 0), 10);
	EXPECT_TRUE(passes(v4(mtu - 4)));
	EXPECT_EQ(told_mtu(v4(mtu - 3)), mtu - 4U);
	remove_all_addresses(); // Then it is flooded, and its form changes on the way.
	EXPECT_EQ(told_mtu(v4(mtu - 3)), mtu - 4U);
}

TEST_F(TooBig, judges_segments_and_not_what_they_are_cut_from)
{
	EXPECT_TRUE(passes(v4(3000), mtu - v4_bytes - 20));
	EXPECT_EQ(told_mtu(v4(3000), mtu - v4_bytes - 20 + 1), mtu);
	EXPECT_TRUE(passes(v6(3000), mtu - v6_bytes - 20));
	EXPECT_EQ(told_mtu(v6(3000), mtu - v6_bytes - 20 + 1), mtu);
	EXPECT_TRUE(passes(v4(3000, udp), mtu - v4_bytes - 8));
	EXPECT_EQ(told_mtu(v4(3000, udp), mtu - v4_bytes - 8 + 1), mtu);
}

TEST_F(TooBig, tells_whoever_may_be_told)
{
	auto fragmentable = v4(1500);
	fragmentable[20] = 0;
	mend(fragmentable);
	EXPECT_EQ(told_mtu(fragmentable), mtu) << "its sender fragments it by itself then";
	auto first_fragment = v4(1500, udp);
	first_fragment[20] = 0x20;
	mend(first_fragment);
	EXPECT_EQ(told_mtu(first_fragment), mtu);
	auto echo = v4(1500, icmp);
	echo[34] = 8;
	EXPECT_EQ(told_mtu(echo), mtu);
	auto echo6 = v6(1500, icmp6);
	echo6[54] = 128;
	EXPECT_EQ(told_mtu(echo6), mtu);
	EXPECT_EQ(told_mtu(v4(1500, 132)), mtu) << "SCTP";
}

TEST_F(TooBig, counts_what_nobody_may_be_told_of)
{
	std::map<std::string, Bytes> silent;
	const auto with = [&](const std::string &what, Bytes frame, std::size_t at, std::uint8_t value) {
		frame.at(at) = value;
		if (get(frame, 12) == 0x0800)
			mend(frame);
		silent.emplace(what, frame);
	};
	for (const auto type : std::to_array<std::uint8_t>({3, 4, 5, 11, 12}))
		with("ICMP error " + std::to_string(type), v4(1500, icmp), 34, type);
	for (const auto type : std::to_array<std::uint8_t>({1, 2, 3, 4, 127, 137}))
		with("ICMPv6 error " + std::to_string(type), v6(1500, icmp6), 54, type);
	with("a later fragment", v4(1500), 21, 1);
	with("options", v4(1500), 14, 0x46);
	with("source 0.0.0.1", v4(1500), 26, 0);
	with("source 127.0.0.1", v4(1500), 26, 127);
	with("source 224.0.0.1", v4(1500), 26, 224);
	with("source 255.0.0.1", v4(1500), 26, 255);
	with("destination 224.0.0.2", v4(1500), 30, 224);
	with("destination 255.0.0.2", v4(1500), 30, 255);
	with("IPv6 source ff00::1", v6(1500), 22, 0xff);
	with("IPv6 destination ff00::2", v6(1500), 38, 0xff);
	with("no IPv6", v6(1500), 14, 0x50);
	with("no IP", ethernet(0x88b5, 1500), 20, 0);
	with("a tag inside", v4(1500), 12, 0x81);
	auto bad_checksum = v4(1500);
	bad_checksum[24] ^= 1;
	silent["bad checksum"] = bad_checksum;
	auto from_nobody = v6(1500);
	from_nobody[22] = from_nobody[37] = 0;
	silent["IPv6 source ::"] = from_nobody;
	auto to_all = v4(1500);
	std::ranges::copy(everybody, to_all.begin());
	silent["to everybody"] = to_all;
	for (const auto &[what, frame] : silent)
		EXPECT_EQ(told_mtu(frame), 0U) << what;
}

TEST_F(TooBig, tells_no_ipv6_sender_of_less_than_ipv6_needs)
{
	set_port(2, {.mtu_bytes = 1280});
	EXPECT_EQ(told_mtu(v6(1400)), 1280U);
	set_port(2, {.mtu_bytes = 1279});
	EXPECT_EQ(told_mtu(v6(1400)), 0U);
	EXPECT_EQ(told_mtu(v4(1400)), 1279U);
}

TEST_F(TooBig, quotes_only_packets_that_are_large_enough_to_be_quoted)
{
	set_port(2, {.mtu_bytes = 500});
	EXPECT_EQ(told_mtu(v4(548)), 500U);
	EXPECT_EQ(told_mtu(v4(547)), 0U);
}

TEST_F(TooBig, tells_the_sender_of_a_frame_that_is_flooded)
{
	remove_all_addresses();
	EXPECT_EQ(told_mtu(v4(1500)), mtu);
	EXPECT_EQ(drops(WEFT_DROP_NO_RECEIVER), 0U);
}

TEST_F(TooBig, tells_only_so_many_senders_in_a_tick)
{
	const std::uint32_t slot = 1;
	weft_per_tick state{};
	const int map = bpf_map__fd(skeleton()->maps.told);
	const auto current_tick = [] {
		timespec now{};
		::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
		return static_cast<std::uint32_t>((now.tv_sec * 1'000'000'000 + now.tv_nsec) >> WEFT_TICK_SHIFT);
	};
	std::uint32_t tick = 0;
	unsigned last_mtu = 0;
	unsigned one_more_mtu = 0;
	do { // Until all of it falls into one tick.
		state = {.tick = tick = current_tick(), .count = WEFT_TOLD_PER_TICK - 1};
		ASSERT_EQ(bpf_map_update_elem(map, &slot, &state, BPF_ANY), 0);
		last_mtu = told_mtu(v4(1500));
		one_more_mtu = told_mtu(v4(1500));
	} while (tick != current_tick());
	EXPECT_EQ(last_mtu, mtu);
	EXPECT_EQ(one_more_mtu, 0U);
	state = {.tick = tick - 1, .count = WEFT_TOLD_PER_TICK};
	ASSERT_EQ(bpf_map_update_elem(map, &slot, &state, BPF_ANY), 0);
	EXPECT_EQ(told_mtu(v4(1500)), mtu);
}

TEST_F(TooBig, judges_tunnels_only)
{
	set_port(2, {});
	EXPECT_TRUE(passes(v4(1500)));
}

} // namespace
} // namespace weft
