#include "services/dhcp6_server.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"
#include "wire/dhcp6.hpp"
#include "wire/router_advertisement.hpp"

namespace weft::services {
namespace {

const Bytes our_id = {0, 3, 0, 1, 2, 'W', 'E', 'F', 'T', 1};
const Bytes their_id = {0, 3, 0, 1, 2, 0, 0, 0, 0, 1};

struct Guest {
  Network network = test_network();
  LeaseBook leases = {};
  std::string destination = "ff02::1:2";
  Answer answer = {};
  std::optional<Datagram> heard = {};

  std::optional<Dhcp6Message> say(const Dhcp6Message& message) {
    const auto payload = encode(message);
    const auto frame =
        encode(Datagram{.ethernet = {.destination = MacAddress({0x33, 0x33, 0, 1, 0, 2}), .source = mac(1)},
                        .ip = {.source = link_local_address(mac(1)), .destination = ip(destination)},
                        .udp = {.source_port = 546, .destination_port = 547},
                        .payload = payload});
    answer = answer_dhcp6(request_of(1, frame), network, leases);
    heard = decode_datagram(answer.frame);
    return heard ? decode_dhcp6(heard->payload) : std::nullopt;
  }
  static Dhcp6Message message(Dhcp6Type type, const std::vector<IpAddress>& addresses = {}) {
    Dhcp6Message message{.type = type, .transaction = 42, .client_id = their_id, .associations = {{.id = 7}}};
    for (const auto& address : addresses) message.associations[0].addresses.push_back({.address = address});
    return message;
  }
  static Dhcp6Message to_us(Dhcp6Type type, const std::vector<IpAddress>& addresses = {}) {
    auto message = Guest::message(type, addresses);
    message.server_id = our_id;
    return message;
  }
  IpAddress get_address() { return say(to_us(Dhcp6Type::request))->associations[0].addresses[0].address; }
};

TEST(Dhcp6Service, advertises_and_then_gives_an_address_with_all_that_belongs_to_it) {
  auto served = test_served();
  served.dns = {ip("192.168.100.2"), ip("fd00:100::2")};
  served.domain = "lab";
  served.lease_s = 1000;
  Guest guest{.network = {served, 0}};
  guest.network.add_guest("veth1", {.addresses = {ip("fd00:100::11")}, .hostname = "vm1"});
  const auto advertised = guest.say(Guest::message(Dhcp6Type::solicit));
  ASSERT_TRUE(advertised);
  EXPECT_EQ(advertised->type, Dhcp6Type::advertise);
  EXPECT_EQ(guest.leases.size(), 0U);
  EXPECT_EQ(
      guest.say(Guest::to_us(Dhcp6Type::request)),
      (Dhcp6Message{
          .type = Dhcp6Type::reply,
          .transaction = 42,
          .client_id = their_id,
          .server_id = our_id,
          .associations = {{.id = 7, .renew_s = 500, .rebind_s = 800, .addresses = {{ip("fd00:100::11"), 1000, 1000}}}},
          .dns = {ip("fd00:100::2")},
          .domain = "lab"}));
  EXPECT_EQ(guest.heard->ip.destination, link_local_address(mac(1)));
  EXPECT_EQ(guest.heard->ethernet.destination, mac(1));
  const auto* lease = guest.leases.find(test_key, mac(1), Family::ipv6);
  ASSERT_NE(lease, nullptr);
  EXPECT_EQ(lease->hostname, "vm1");
}

TEST(Dhcp6Service, answers_rapidly_where_that_is_asked) {
  Guest guest;
  auto message = Guest::message(Dhcp6Type::solicit);
  message.has_rapid_commit = true;
  const auto given = guest.say(message);
  EXPECT_EQ(given->type, Dhcp6Type::reply);
  EXPECT_TRUE(given->has_rapid_commit);
  EXPECT_EQ(guest.leases.size(), 1U);
}

TEST(Dhcp6Service, renews_what_a_guest_has_and_ends_what_it_has_not) {
  Guest guest;
  const auto address = guest.get_address();
  const auto renewed = guest.say(Guest::to_us(Dhcp6Type::renew, {address, ip("fd00:100::bad")}));
  ASSERT_EQ(renewed->associations[0].addresses.size(), 2U);
  EXPECT_EQ(renewed->associations[0].addresses[0], (Dhcp6Address{address, 3600, 3600}));
  EXPECT_EQ(renewed->associations[0].addresses[1], (Dhcp6Address{ip("fd00:100::bad"), 0, 0}));
  EXPECT_EQ(guest.say(Guest::message(Dhcp6Type::rebind, {address}))->associations[0].addresses.size(), 1U);
}

TEST(Dhcp6Service, gives_an_address_to_the_first_association_only) {
  Guest guest;
  auto message = Guest::to_us(Dhcp6Type::request);
  message.associations.push_back({.id = 8});
  const auto given = guest.say(message);
  ASSERT_EQ(given->associations.size(), 2U);
  EXPECT_FALSE(given->associations[0].status);
  EXPECT_EQ(given->associations[1].status->code, Dhcp6Code::no_addresses);
  EXPECT_EQ(guest.leases.size(), 1U);
}

TEST(Dhcp6Service, gives_a_guest_one_address_under_however_many_names_it_asks) {
  Guest guest;
  const auto address = guest.get_address();
  for (std::uint8_t name = 0; name < 100; ++name) {
    auto message = Guest::to_us(Dhcp6Type::request);
    message.client_id = Bytes{0, 3, 0, 1, 9, 9, 9, 9, 9, name};
    message.associations[0].id = name;
    EXPECT_EQ(guest.say(message)->associations[0].addresses[0].address, address);
  }
  EXPECT_EQ(guest.leases.size(), 1U);
}

TEST(Dhcp6Service, says_whether_an_address_belongs_here) {
  Guest guest;
  EXPECT_EQ(guest.say(Guest::message(Dhcp6Type::confirm, {ip("fd00:100::5")}))->status->code, Dhcp6Code::success);
  EXPECT_EQ(guest.say(Guest::message(Dhcp6Type::confirm, {ip("fd00:200::5")}))->status->code, Dhcp6Code::not_on_link);
  EXPECT_FALSE(guest.say(Guest::message(Dhcp6Type::confirm)));
}

TEST(Dhcp6Service, takes_addresses_back) {
  Guest guest;
  const auto address = guest.get_address();
  EXPECT_EQ(guest.say(Guest::to_us(Dhcp6Type::release, {ip("fd00:100::bad")}))->associations[0].status->code,
            Dhcp6Code::no_binding);
  EXPECT_EQ(guest.leases.size(), 1U);
  EXPECT_EQ(guest.say(Guest::to_us(Dhcp6Type::release, {address}))->status->code, Dhcp6Code::success);
  EXPECT_EQ(guest.leases.size(), 0U);
  EXPECT_EQ(guest.get_address(), address);
  EXPECT_EQ(guest.say(Guest::to_us(Dhcp6Type::decline, {address}))->status->code, Dhcp6Code::success);
  EXPECT_NE(guest.get_address(), address);
}

TEST(Dhcp6Service, tells_the_settings_to_who_has_an_address) {
  auto served = test_served();
  served.dns = {ip("fd00:100::2")};
  Guest guest{.network = {served, 0}};
  const auto told = guest.say({.type = Dhcp6Type::information_request, .transaction = 1});
  ASSERT_TRUE(told);
  EXPECT_EQ(told->dns, served.dns);
  EXPECT_TRUE(told->associations.empty());
}

TEST(Dhcp6Service, keeps_quiet_where_it_is_not_asked) {
  Guest guest;
  auto message = Guest::to_us(Dhcp6Type::solicit);
  EXPECT_FALSE(guest.say(message));  // Names a server.
  message = Guest::message(Dhcp6Type::request);
  EXPECT_FALSE(guest.say(message));  // Names none.
  message.server_id = their_id;
  EXPECT_FALSE(guest.say(message));
  message = Guest::message(Dhcp6Type::solicit);
  message.client_id.clear();
  EXPECT_FALSE(guest.say(message));
  for (const auto type : {Dhcp6Type::advertise, Dhcp6Type::reply, Dhcp6Type::reconfigure}) {
    EXPECT_FALSE(guest.say(Guest::to_us(type)));
  }
  guest.destination = "fe80::57:45ff:fe46:5401";
  EXPECT_FALSE(guest.say(Guest::message(Dhcp6Type::solicit)));
  guest.destination = "ff02::1:2";
  guest.network = Network({.subnet4 = Subnet::parse("10.0.0.0/24")}, 0);
  EXPECT_FALSE(guest.say(Guest::message(Dhcp6Type::solicit)));
  EXPECT_EQ(guest.leases.size(), 0U);
}

}  // namespace
}  // namespace weft::services
