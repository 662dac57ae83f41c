#include "services/router.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"
#include "wire/router_advertisement.hpp"

namespace weft::services {
namespace {

constexpr std::size_t message_place = 14 + 40;

IpAddress source_of(const Bytes& frame) { return *IpAddress::from_bytes(&frame[14 + 8], 16); }
IpAddress destination_of(const Bytes& frame) { return *IpAddress::from_bytes(&frame[14 + 24], 16); }
std::uint8_t flags_of(const Bytes& frame) { return frame[message_place + 5]; }
std::uint16_t router_lifetime_of(const Bytes& frame) {
  return static_cast<std::uint16_t>(frame[message_place + 6] << 8 | frame[message_place + 7]);
}

// Its value; empty: it is not there.
Bytes option_of(const Bytes& frame, std::uint8_t wanted) {
  for (std::size_t place = message_place + 16; place < frame.size(); place += frame[place + 1] * std::size_t{8}) {
    if (frame[place] != wanted) continue;
    const auto start = frame.begin() + static_cast<std::ptrdiff_t>(place);
    return {start + 2, start + frame[place + 1] * 8};
  }
  return {};
}
bool makes_addresses(const Bytes& frame) { return (option_of(frame, 3).at(1) & 0x40) != 0; }

Bytes solicitation(std::string_view source) {
  WireWriter out;
  encode(EthernetHeader{.destination = MacAddress({0x33, 0x33, 0, 0, 0, 2}), .source = mac(1), .type = type_ipv6}, out);
  encode(IpHeader{.source = ip(source), .destination = ip("ff02::2"), .protocol = protocol_icmpv6, .ttl = 255}, 8, out);
  out.bytes(Bytes{133, 0, 0, 0, 0, 0, 0, 0});
  return out.take();
}

TEST(Router, answers_who_asks_and_all_where_that_one_has_no_address_yet) {
  const auto asked = answer_router_solicitation(request_of(1, solicitation("fe80::9")), test_network());
  EXPECT_EQ(destination_of(asked.frame), ip("fe80::9"));
  const auto nameless = answer_router_solicitation(request_of(1, solicitation("::")), test_network());
  EXPECT_EQ(destination_of(nameless.frame), ip("ff02::1"));
}

TEST(Router, lets_guests_make_their_addresses_where_none_is_fixed) {
  const auto frame = advertise_router("veth1", test_network());
  EXPECT_EQ(flags_of(frame), 0x40);
  EXPECT_TRUE(makes_addresses(frame));
  EXPECT_EQ(option_of(frame, 5), (Bytes{0, 0, 0, 0, 1450 >> 8, 1450 & 0xff}));
}

TEST(Router, sends_guests_with_a_fixed_address_to_dhcp) {
  auto network = test_network();
  network.add_guest("veth1", {.addresses = {ip("fd00:100::11")}});
  network.add_guest("veth2", {.addresses = {ip("192.168.100.12")}});
  EXPECT_EQ(flags_of(advertise_router("veth1", network)), 0xc0);
  EXPECT_FALSE(makes_addresses(advertise_router("veth1", network)));
  EXPECT_TRUE(makes_addresses(advertise_router("veth2", network)));
}

TEST(Router, sends_all_to_dhcp_where_the_prefix_is_no_64) {
  const Network network({.subnet6 = Subnet::parse("fd00:100::/112")}, 0);
  const auto frame = advertise_router("veth1", network);
  EXPECT_EQ(flags_of(frame), 0xc0);
  EXPECT_FALSE(makes_addresses(frame));
  EXPECT_TRUE(option_of(frame, 5).empty());
}

TEST(Router, speaks_for_the_router_that_there_is_and_for_no_other) {
  auto served = test_served();
  EXPECT_EQ(router_lifetime_of(advertise_router("veth1", {served, 0})), 0);
  EXPECT_EQ(source_of(advertise_router("veth1", {served, 0})), link_local_address(model::service_mac()));
  served.router6 = ip("fe80::1");
  const auto frame = advertise_router("veth1", {served, 0});
  EXPECT_EQ(router_lifetime_of(frame), 1800);
  EXPECT_EQ(source_of(frame), ip("fe80::1"));
  EXPECT_TRUE(option_of(frame, 1).empty());
}

TEST(Router, names_the_servers_of_ipv6) {
  auto served = test_served();
  served.dns = {ip("192.168.100.2"), ip("fd00:100::2")};
  const auto option = option_of(advertise_router("veth1", {served, 0}), 25);
  ASSERT_EQ(option.size(), 22U);
  EXPECT_EQ(IpAddress::from_bytes(&option[6], 16), ip("fd00:100::2"));
}

TEST(Router, keeps_quiet_where_there_is_no_ipv6) {
  const Network network({.subnet4 = Subnet::parse("10.0.0.0/24")}, 0);
  EXPECT_TRUE(advertise_router("veth1", network).empty());
  EXPECT_TRUE(answer_router_solicitation(request_of(1, solicitation("fe80::9")), network).frame.empty());
}

TEST(Router, withdraws_all_that_it_has_said) {
  auto served = test_served();
  served.router6 = ip("fe80::1");
  served.dns = {ip("fd00:100::2")};
  const Network network(served, 1450);
  const auto frame = withdraw_router("veth1", network);
  EXPECT_EQ(source_of(frame), ip("fe80::1"));
  EXPECT_EQ(destination_of(frame), ip("ff02::1"));
  EXPECT_EQ(router_lifetime_of(frame), 0);
  const auto prefix = option_of(frame, 3), dns = option_of(frame, 25);
  EXPECT_EQ(Bytes(prefix.begin() + 2, prefix.begin() + 10), Bytes(8)) << "valid and preferred for no more";
  EXPECT_EQ(Bytes(prefix.begin() + 14, prefix.begin() + 22), (Bytes{0xfd, 0, 1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(Bytes(dns.begin() + 2, dns.begin() + 6), Bytes(4));
  EXPECT_TRUE(withdraw_router("veth1", Network({.subnet4 = Subnet::parse("10.0.0.0/24")}, 0)).empty());
}

}  // namespace
}  // namespace weft::services
