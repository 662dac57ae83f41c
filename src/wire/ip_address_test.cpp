#include "wire/ip_address.hpp"

namespace weft {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

TEST(IpAddress, is_the_same_after_parsing_and_printing) {
  for (const auto* text : {"10.0.0.1", "255.255.255.255", "0.0.0.0", "::", "::1", "fe80::1", "2001:db8::7"}) {
    EXPECT_EQ(ip(text).to_string(), text);
  }
  EXPECT_EQ(ip("2001:DB8:0:0::7").to_string(), "2001:db8::7");
}

TEST(IpAddress, refuses_what_is_none) {
  for (const auto* text : {"", "10.0.0", "10.0.0.1/24", "10.0.0.256", "fe80::1%eth0", "host", " 10.0.0.1",
                           "1111:2222:3333:4444:5555:6666:7777:8888:9999:1111:2222"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, is_read_from_the_bytes_of_either_family) {
  const auto v4 = ip("10.0.0.1");
  EXPECT_EQ(IpAddress::from_bytes(v4.v4().data(), 4), v4);
  EXPECT_EQ(IpAddress::from_bytes(ip("fe80::1").mapped().data(), 16), ip("fe80::1"));
  EXPECT_FALSE(IpAddress::from_bytes(v4.mapped().data(), 5));
}

TEST(IpAddress, of_ipv4_is_the_same_mapped_or_not) { EXPECT_EQ(ip("::ffff:10.0.0.1"), ip("10.0.0.1")); }

TEST(IpAddress, knows_its_kind) {
  EXPECT_TRUE(ip("10.0.0.1").is_v4());
  EXPECT_FALSE(ip("::10.0.0.1").is_v4());
  for (const auto* text : {"224.0.0.1", "239.1.1.1", "ff05::1"}) EXPECT_TRUE(ip(text).is_multicast()) << text;
  for (const auto* text : {"223.0.0.1", "240.0.0.1", "fe80::1"}) EXPECT_FALSE(ip(text).is_multicast()) << text;
  for (const auto* text : {"0.0.0.0", "::"}) EXPECT_TRUE(ip(text).is_unspecified()) << text;
  for (const auto* text : {"127.0.0.1", "::1"}) EXPECT_TRUE(ip(text).is_loopback()) << text;
  EXPECT_TRUE(ip("fe80::1").is_link_local());
  EXPECT_FALSE(ip("fec0::1").is_link_local());
  EXPECT_TRUE(ip("255.255.255.255").is_broadcast());
}

}  // namespace
}  // namespace weft
