#include "prober/test_frame.hpp"

#include <gtest/gtest.h>

#include "prober/tunnel_packet.hpp"
#include "wire/arp.hpp"
#include "wire/ethernet.hpp"
#include "wire/frame.hpp"

namespace weft::prober {
namespace {

constexpr MacAddress mac1({2, 0, 0, 0, 0, 1});
constexpr MacAddress mac2({2, 0, 0, 0, 0, 2});
constexpr RunId run = 0x0123456789abcdef;

TestFrame frame() { return {.source = mac1, .destination = mac2, .run = run, .from = 7, .to = everybody}; }

Endpoint endpoint(MacAddress mac, const char* address4, const char* address6) {
  return {.mac = mac, .address4 = IpAddress::parse(address4), .address6 = IpAddress::parse(address6)};
}

// An outer packet around the frame.
Bytes tunnelled(std::uint32_t vni, const char* from, const char* to) {
  WireWriter content;
  content.u32(0x08000000);
  content.u32(vni << 8U);
  content.bytes(encode(frame()));
  const IpHeader ip{.source = *IpAddress::parse(from), .destination = *IpAddress::parse(to), .protocol = protocol_udp};
  WireWriter out;
  encode(ip, 8 + content.size(), out);
  out.u16(55555);
  out.u16(4789);
  out.u16(static_cast<std::uint16_t>(8 + content.size()));
  out.u16(0);
  out.bytes(content.from(0));
  return out.take();
}

TEST(TestFrame, comes_back_as_it_was_whatever_its_size) {
  EXPECT_EQ(decode_test_frame(encode(frame())), frame());
  EXPECT_EQ(encode(frame(), 1464).size(), 1464U);
  EXPECT_EQ(decode_test_frame(encode(frame(), 1464)), frame());
}

TEST(TestFrame, of_another_kind_or_cut_off_is_none) {
  auto bytes = encode(frame());
  EXPECT_FALSE(decode_test_frame(ByteView(bytes).first(33)));
  bytes[14] ^= 1;
  EXPECT_FALSE(decode_test_frame(bytes));
}

TEST(Question, for_an_IPv4_address_is_a_broadcast_ARP_request) {
  const auto asked = decode_frame(
      encode_question(endpoint(mac1, "10.0.0.1", "fd00::1"), endpoint(mac2, "10.0.0.2", "fd00::2"), false));
  ASSERT_TRUE(asked);
  const auto& arp = std::get<ArpPacket>(asked->network);
  EXPECT_EQ(arp.target.to_string(), "10.0.0.2");
  EXPECT_EQ(arp.sender_mac, mac1);
  EXPECT_TRUE(asked->ethernet.destination.is_multicast());
}

TEST(Question, for_an_IPv6_address_goes_to_its_solicited_node_group) {
  const auto asked = decode_frame(
      encode_question(endpoint(mac1, "10.0.0.1", "fd00::1"), endpoint(mac2, "10.0.0.2", "fd00::a1:b2c3"), true));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->ethernet.destination.to_string(), "33:33:ff:a1:b2:c3");
  const auto& ip = std::get<IpPacket>(asked->network);
  EXPECT_EQ(ip.header.destination.to_string(), "ff02::1:ffa1:b2c3");
  EXPECT_EQ(ip.header.ttl, 255);
  EXPECT_EQ(std::get<IcmpHeader>(ip.transport).type, 135);
}

TEST(Answer, of_ARP_tells_who_has_the_address) {
  WireWriter out;
  encode(EthernetHeader{.destination = mac1, .source = mac2, .type = type_arp}, out);
  encode(ArpPacket{.operation = ArpPacket::reply, .sender_mac = mac2, .sender = *IpAddress::parse("10.0.0.2")}, out);
  EXPECT_EQ(decode_answer(out.take()), (NeighbourAnswer{*IpAddress::parse("10.0.0.2"), mac2}));
}

TEST(Answer, is_no_question) {
  const auto asker = endpoint(mac1, "10.0.0.1", "fd00::1");
  EXPECT_FALSE(decode_answer(encode_question(asker, asker, false)));
  EXPECT_FALSE(decode_answer(encode_question(asker, asker, true)));
}

TEST(TunnelPacket, tells_its_VNI_and_whose_frame_it_carries) {
  const auto packet = tunnelled(100, "172.31.0.1", "239.0.0.1");
  const auto seen = decode_tunnel_packet(packet, 4789, run);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->vni, 100U);
  EXPECT_EQ(seen->from, 7U);
  EXPECT_EQ(seen->to, everybody);
  EXPECT_EQ(seen->destination.to_string(), "239.0.0.1");
  EXPECT_EQ(seen->bytes, 20U + 8 + 8 + 60);
}

TEST(TunnelPacket, may_be_IPv6) {
  const auto seen = decode_tunnel_packet(tunnelled(200, "fd99::1", "fd99::2"), 4789, run);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->source.to_string(), "fd99::1");
}

TEST(TunnelPacket, of_another_port_or_run_is_none) {
  const auto packet = tunnelled(100, "172.31.0.1", "172.31.0.2");
  EXPECT_FALSE(decode_tunnel_packet(packet, 8472, run));
  EXPECT_FALSE(decode_tunnel_packet(packet, 4789, run + 1));
}

}  // namespace
}  // namespace weft::prober
