#include "wire/subnet.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

IpAddress address(std::string_view text) { return *IpAddress::parse(text); }

TEST(Subnet, has_no_bits_after_its_prefix) {
  EXPECT_TRUE(Subnet::parse("192.168.100.0/24"));
  EXPECT_FALSE(Subnet::parse("192.168.100.1/24"));
  EXPECT_FALSE(Subnet::parse("192.168.100.0"));
  EXPECT_FALSE(Subnet::parse("192.168.100.0/33"));
  EXPECT_FALSE(Subnet::parse("192.168.100.0/24x"));
  EXPECT_TRUE(Subnet::parse("fd00:100::/64"));
  EXPECT_FALSE(Subnet::parse("fd00:100::1/64"));
}

TEST(Subnet, knows_its_hosts_by_number) {
  const auto small = *Subnet::parse("192.168.100.0/24");
  EXPECT_EQ(small.host_count(), 254U);
  EXPECT_EQ(small.host(0), address("192.168.100.1"));
  EXPECT_EQ(small.host(253), address("192.168.100.254"));
  EXPECT_EQ(small.last(), address("192.168.100.255"));
  EXPECT_EQ(small.index_of(address("192.168.100.11")), 10U);
  EXPECT_FALSE(small.index_of(address("192.168.100.255")));
  EXPECT_FALSE(small.index_of(address("192.168.100.0")));
  EXPECT_FALSE(small.index_of(address("192.168.101.1")));
  const auto large = *Subnet::parse("10.0.0.0/8");
  EXPECT_EQ(large.host(255), address("10.0.1.0"));
  EXPECT_EQ(large.index_of(address("10.0.1.0")), 255U);
}

TEST(Subnet, counts_what_point_to_point_and_single_subnets_have) {
  EXPECT_EQ(Subnet::parse("10.0.0.0/31")->host(1), address("10.0.0.1"));
  EXPECT_EQ(Subnet::parse("10.0.0.7/32")->host(0), address("10.0.0.7"));
  EXPECT_EQ(Subnet::parse("0.0.0.0/0")->host_count(), 0xfffffffeU);
}

TEST(Subnet, of_ipv6_begins_after_the_anycast_address) {
  const auto subnet = *Subnet::parse("fd00:100::/64");
  EXPECT_EQ(subnet.host(0), address("fd00:100::1"));
  EXPECT_EQ(subnet.host(0x1ffff), address("fd00:100::2:0"));
  EXPECT_EQ(subnet.index_of(address("fd00:100::2:0")), 0x1ffffU);
  EXPECT_FALSE(subnet.index_of(address("fd00:100::1:0:0:1")));  // Beyond what is counted.
  EXPECT_TRUE(subnet.contains(address("fd00:100::1:0:0:1")));
  EXPECT_FALSE(subnet.contains(address("192.168.100.1")));
}

TEST(InterfaceAddress, keeps_the_bits_after_its_prefix) {
  const auto parsed = InterfaceAddress::parse("192.168.100.11/24");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->to_string(), "192.168.100.11/24");
  EXPECT_EQ(parsed->subnet().to_string(), "192.168.100.0/24");
  EXPECT_FALSE(InterfaceAddress::parse("/24"));
  EXPECT_FALSE(InterfaceAddress::parse("192.168.100.11/"));
}

}  // namespace
}  // namespace weft
