#include "wire/frame_words.hpp"

#include <gtest/gtest.h>

#include "wire/checksum.hpp"

namespace weft {
namespace {

std::string hex_of(std::string_view words) {
  const auto bytes = read_frame(words);
  return bytes ? fmt::format("{:02x}", fmt::join(*bytes, "")) : bytes.error().details;
}

std::string error_of(std::string_view text) {
  const auto bytes = read_frame(text);
  return bytes ? "no error" : bytes.error().details;
}

// What a frame in words reads like once it was bytes.
std::string again(std::string_view words) {
  const auto bytes = read_frame(words);
  if (!bytes) return bytes.error().details;
  return to_words(decode_frame(*bytes).value());
}

TEST(FrameWords, become_the_bytes_of_an_arp_request) {
  EXPECT_EQ(hex_of("52:54:00:00:00:01 > broadcast arp who-has 10.0.0.2 tell 10.0.0.1"),
            "ffffffffffff525400000001"
            "0806"
            "0001080006040001"
            "5254000000010a000001"
            "0000000000000a000002");
}

TEST(FrameWords, become_the_bytes_of_a_tagged_udp_packet) {
  EXPECT_EQ(hex_of("52:54:00:00:00:01 > 52:54:00:00:00:02 vlan 10 pcp 5 ip 10.0.0.1 > 10.0.0.2 df udp 1000 > 53 len 2"),
            "525400000002525400000001"
            "8100a00a0800"
            "4500001e00004000401126cd0a0000010a000002"
            "03e80035000ae7ba0000");
}

TEST(FrameWords, are_the_same_after_the_way_through_bytes) {
  for (const auto* tail :
       {"", " vlan 10", " qinq 7 pcp 3 dei vlan 0", " type 0x88cc len 40", " arp who-has 10.0.0.2 tell 10.0.0.1",
        " arp 10.0.0.2 is-at 52:54:00:00:00:02", " ipv4 10.0.0.1 > 10.0.0.2",
        " ipv4 10.0.0.1 > 10.0.0.2 proto 89 len 7", " ipv4 10.0.0.1 > 10.0.0.2 ttl 1 tos 0x10 df udp 1000 > 53 len 100",
        " ipv4 10.0.0.1 > 10.0.0.2 tcp 1000 > 80 syn ack len 3", " ipv4 10.0.0.1 > 10.0.0.2 icmp echo-request len 56",
        " ipv4 10.0.0.1 > 10.0.0.2 icmp 3 code 4", " ipv6 fd00::1 > fd00::2 ttl 255 icmp echo-reply",
        " ipv6 fd00::1 > ff02::1 tcp 1 > 2", " vlan 4095 ipv6 fd00::1 > fd00::2 udp 5 > 6 len 1400"}) {
    const auto words = fmt::format("52:54:00:00:00:01 > 52:54:00:00:00:02{}", tail);
    EXPECT_EQ(again(words), words);
  }
}

TEST(FrameWords, have_other_forms) {
  const std::string begin = "52:54:00:00:00:01 > 52:54:00:00:00:02";
  EXPECT_EQ(again(begin + " ip fd00::1 > fd00::2 icmp6 echo-request"),
            begin + " ipv6 fd00::1 > fd00::2 icmp echo-request");
  EXPECT_EQ(again(begin + " ip 1.2.3.4 > 1.2.3.5 tcp 0x10 > 2 ack syn length 1"),
            begin + " ipv4 1.2.3.4 > 1.2.3.5 tcp 16 > 2 syn ack len 1");
  EXPECT_EQ(again("52:54:00:00:00:01  >\tbroadcast"), "52:54:00:00:00:01 > ff:ff:ff:ff:ff:ff");
}

TEST(FrameWords, that_are_wrong_are_shown_with_what_was_expected) {
  EXPECT_EQ(error_of("52:54:00:00:00:01 > ff:ff:ff:ff:ff:ff vlan 4096 arp"),
            "bad frame at \"4096\": expected a VLAN, 0 to 4095\n"
            "  52:54:00:00:00:01 > ff:ff:ff:ff:ff:ff vlan 4096 arp\n"
            "                                             ^^^^");
  EXPECT_EQ(error_of("52:54:00:00:00:01 > broadcast arp who-has"),
            "the frame ends too early: expected the IPv4 address that is asked for\n"
            "  52:54:00:00:00:01 > broadcast arp who-has ...");
  for (const auto& [words, expected] : std::map<std::string, std::string>{
           {"52:54:00:00:00 > broadcast", "\"52:54:00:00:00\": expected the source's MAC address"},
           {"52:54:00:00:00:01 > bradcast", "expected the destination's MAC address, or \"broadcast\""},
           {"52:54:00:00:00:01 > broadcast vlan 1 pcp 8", "expected a priority, 0 to 7"},
           {"52:54:00:00:00:01 > broadcast icmp", "expected \"vlan\", \"arp\", \"ip\", \"type\" or \"len\""},
           {"52:54:00:00:00:01 > broadcast ip 1.2.3.4 > ::1", "expected an address of the same version"},
           {"52:54:00:00:00:01 > broadcast ip ::1 > ::2 df", "\"df\": expected the end, or a word that can stand here"},
           {"52:54:00:00:00:01 > broadcast ip 1.2.3.4 > 1.2.3.5 udp 1 > 65536", "expected a port, 0 to 65535"},
           {"52:54:00:00:00:01 > broadcast arp who-has ::1 tell ::2", "expected an IPv4 address: ARP is for no other"},
           {"52:54:00:00:00:01 > broadcast arp who-has 1.2.3.4 tell 1.2.3.5 len 3", "expected nothing more"},
           {"52:54:00:00:00:01 > broadcast len 65537", "expected a number of bytes"},
           {"52:54:00:00:00:01 > broadcast len 65536", "the frame has 65550 bytes; 65536 at most"},
           {"> ", "\">\": expected the source's MAC address"},
           {"52:54:00:00:00:01 > broadcast vlan 1 vlan 1 vlan 1 vlan 1 vlan 1 vlan 1 vlan 1 vlan 1 vlan 1",
            "no more than 8 VLAN tags"}}) {
    EXPECT_TRUE(error_of(words).contains(expected)) << error_of(words);
  }
}

TEST(FrameWords, may_be_hex_instead) {
  const std::string plain = "525400000002525400000001080a0102";
  EXPECT_EQ(hex_of(plain), plain);
  EXPECT_EQ(hex_of("0x52:54:00:00:00:02 52:54:00:00:00:01\n080A 0102"), plain);
  EXPECT_EQ(error_of("525400000002525400000001080"), "a frame in hex has two digits a byte; here are 27");
  EXPECT_EQ(error_of("5254"), "2 bytes are less than an Ethernet header, which has 14, and 4 more for each VLAN tag");
  EXPECT_TRUE(error_of("52540000000252540000000108xx").starts_with("\"x\" in the frame is no hex digit"));
  EXPECT_EQ(error_of(""), "0 bytes are less than an Ethernet header, which has 14, and 4 more for each VLAN tag");
}

TEST(Frame, that_is_cut_short_is_data_behind_what_is_whole) {
  const auto bytes = read_frame("52:54:00:00:00:01 > 52:54:00:00:00:02 ip 10.0.0.1 > 10.0.0.2 udp 1 > 2 len 4").value();
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto frame = decode_frame(std::span(bytes).first(size));
    EXPECT_EQ(frame.has_value(), size >= ethernet_header_bytes);
    if (!frame) continue;
    EXPECT_EQ(std::holds_alternative<IpPacket>(frame->network), size >= 34) << size;
  }
}

TEST(Frame, of_a_later_fragment_has_no_ports) {
  auto bytes = read_frame("52:54:00:00:00:01 > 52:54:00:00:00:02 ip 10.0.0.1 > 10.0.0.2 udp 1 > 2 len 4").value();
  bytes[21] = 1;
  EXPECT_EQ(to_words(decode_frame(bytes).value()),
            "52:54:00:00:00:01 > 52:54:00:00:00:02 ipv4 10.0.0.1 > 10.0.0.2 proto 17 len 12");
}

TEST(Frame, ends_where_its_packet_does_not_where_its_padding_does) {
  auto bytes = read_frame("52:54:00:00:00:01 > 52:54:00:00:00:02 ip 10.0.0.1 > 10.0.0.2 udp 1 > 2 len 4").value();
  bytes.resize(60);
  EXPECT_EQ(decode_frame(bytes).value().data_bytes, 4U);
}

TEST(Checksum, is_the_one_of_rfc_1071) {
  const Bytes example = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  Checksum checksum;
  checksum.add(example);
  EXPECT_EQ(checksum.value(), static_cast<std::uint16_t>(~0xddf2));
}

}  // namespace
}  // namespace weft
