#include "wire/router_advertisement.hpp"

#include <gtest/gtest.h>

#include "wire/checksum.hpp"

namespace weft {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
constexpr std::size_t headers = 14 + 40;

Bytes solicitation(std::uint8_t hop_limit = 255) {
  WireWriter out;
  encode(EthernetHeader{.destination = MacAddress({0x33, 0x33, 0, 0, 0, 2}), .type = type_ipv6}, out);
  encode(IpHeader{.source = ip("fe80::9"), .destination = ip("ff02::2"), .protocol = protocol_icmpv6, .ttl = hop_limit},
         16, out);
  out.bytes(Bytes{133, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9});
  return out.take();
}

TEST(RouterSolicitation, is_read_with_its_sender) {
  const auto read = decode_router_solicitation(solicitation());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->source, ip("fe80::9"));
}

TEST(RouterSolicitation, is_none_where_it_is_cut_off_or_comes_from_behind_a_router) {
  const auto whole = solicitation();
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    // Options are not needed.
    EXPECT_EQ(decode_router_solicitation(ByteView(whole).first(bytes)).has_value(), bytes == headers + 8) << bytes;
  }
  EXPECT_FALSE(decode_router_solicitation(solicitation(64)));
  auto endless = whole;
  endless[headers + 9] = 0;
  EXPECT_FALSE(decode_router_solicitation(endless));
}

TEST(RouterAdvertisement, has_what_was_asked_for_and_a_right_checksum) {
  const auto frame = encode(RouterAdvertisement{.is_managed = true,
                                                .has_other_settings = true,
                                                .prefix = Subnet::parse("fd00:100::/64"),
                                                .makes_addresses = true,
                                                .valid_s = 7200,
                                                .preferred_s = 3600,
                                                .mtu_bytes = 1450,
                                                .dns = {ip("fd00::53")},
                                                .dns_s = 600,
                                                .mac = MacAddress({2, 0, 0, 0, 0, 1})},
                            {}, ip("fe80::1"), ip("ff02::1"));
  ASSERT_EQ(frame.size(), headers + 16 + 8 + 8 + 32 + 24);
  EXPECT_EQ(frame[headers], 134);
  EXPECT_EQ(frame[headers + 5], 0xc0);
  EXPECT_EQ(frame[headers + 16 + 8 + 8 + 3], 0xc0);  // On the link, and addresses by themselves.
  Checksum checksum;
  const auto message = ByteView(frame).subspan(headers);
  checksum.add_pseudo_header(ip("fe80::1"), ip("ff02::1"), protocol_icmpv6, message.size());
  checksum.add(message);
  EXPECT_EQ(checksum.value(), 0);
}

TEST(RouterAdvertisement, lets_nobody_make_addresses_in_a_prefix_of_another_length) {
  const auto frame = encode(RouterAdvertisement{.prefix = Subnet::parse("fd00::/80"), .makes_addresses = true}, {},
                            ip("fe80::1"), ip("ff02::1"));
  EXPECT_EQ(frame[headers + 16 + 3], 0x80);
}

TEST(LinkLocalAddress, is_made_of_the_mac) {
  EXPECT_EQ(link_local_address(MacAddress({2, 0x57, 0x45, 0x46, 0x54, 1})).to_string(), "fe80::57:45ff:fe46:5401");
}

}  // namespace
}  // namespace weft
