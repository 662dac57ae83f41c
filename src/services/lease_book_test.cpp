#include "services/lease_book.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"

namespace weft::services {
namespace {

std::optional<IpAddress> chosen(const LeaseBook& book, std::uint8_t number, const Network& network = test_network(),
                                Family family = Family::ipv4) {
  const auto address = book.choose(client(number), network, family, test_now_s);
  EXPECT_TRUE(address) << address.error().details;
  return address.value_or(std::nullopt);
}

TEST(LeaseBook, gives_the_same_mac_the_same_address_on_every_host) {
  const LeaseBook here, there;
  for (std::uint8_t number = 1; number < 50; ++number) {
    EXPECT_EQ(chosen(here, number), chosen(there, number));
    EXPECT_TRUE(Subnet::parse("192.168.100.0/24")->index_of(*chosen(here, number)));
  }
  // For ever: leases of other versions are from the same rule.
  EXPECT_EQ(chosen(here, 1), ip("192.168.100.15"));
  EXPECT_EQ(chosen(here, 1, test_network(), Family::ipv6), ip("fd00:100::9491:3f9d"));
}

TEST(LeaseBook, gives_no_address_twice) {
  LeaseBook book;
  std::set<IpAddress> given;
  for (std::uint8_t number = 1; number <= 254; ++number) {
    const auto address = chosen(book, number);
    EXPECT_TRUE(given.insert(*address).second) << address->to_string();
    book.grant(client(number), *address, "", test_now_s + 60);
  }
  const auto one_more = book.choose(client(255), test_network(), Family::ipv4, test_now_s);
  ASSERT_FALSE(one_more);
  EXPECT_NE(one_more.error().details.find("no address is free in the pool of 254"), std::string::npos);
  // The one that has ended makes room.
  const auto later = book.choose(client(255), test_network(), Family::ipv4, test_now_s + 60);
  EXPECT_TRUE(later && *later);
}

TEST(LeaseBook, leaves_a_client_its_address_while_the_network_has_it) {
  LeaseBook book;
  book.grant(client(1), ip("192.168.100.77"), "", test_now_s - 1);
  EXPECT_EQ(chosen(book, 1), ip("192.168.100.77"));
  auto served = test_served();
  served.pool4_first = ip("192.168.100.100");
  served.pool4_last = ip("192.168.100.101");
  EXPECT_GE(chosen(book, 1, {served, 0}), ip("192.168.100.100"));
}

TEST(LeaseBook, gives_a_client_what_it_wants_if_nothing_speaks_against_it) {
  LeaseBook book;
  auto served = test_served();
  served.dns = {ip("192.168.100.2")};
  const Network network(served, 0);
  const auto chosen = [&](std::string_view wanted) {
    return book.choose(client(1), network, Family::ipv4, test_now_s, ip(wanted)).value();
  };
  const auto by_rule = *book.choose(client(1), network, Family::ipv4, test_now_s).value();
  EXPECT_EQ(chosen("192.168.100.77"), ip("192.168.100.77"));
  EXPECT_EQ(chosen("192.168.100.2"), by_rule) << "it is the name server's";
  EXPECT_EQ(chosen("10.0.0.1"), by_rule) << "it comes from another network";
  EXPECT_EQ(chosen("fd00:100::1"), by_rule);
  book.grant(client(2), ip("192.168.100.78"), "", test_now_s + 60);
  EXPECT_EQ(chosen("192.168.100.78"), by_rule) << "another has it";
  book.decline(client(3), ip("192.168.100.79"), test_now_s);
  EXPECT_EQ(chosen("192.168.100.79"), by_rule);
  book.grant(client(1), by_rule, "", test_now_s + 60);
  EXPECT_EQ(chosen("192.168.100.77"), by_rule) << "it has one";
}

TEST(LeaseBook, skips_what_is_somebodys_by_configuration) {
  auto served = test_served();
  served.pool4_first = ip("192.168.100.1");
  served.pool4_last = ip("192.168.100.5");
  served.router4 = ip("192.168.100.1");
  served.dns = {ip("192.168.100.2")};
  served.neighbours[ip("192.168.100.3")] = mac(99);
  Network network(served, 0);
  network.add_guest("veth9", {.addresses = {ip("192.168.100.4")}});
  for (std::uint8_t number = 1; number < 9; ++number) {
    EXPECT_EQ(chosen({}, number, network), ip("192.168.100.5"));
  }
}

TEST(LeaseBook, gives_the_fixed_address_to_whoever_is_meant) {
  auto served = test_served();
  served.neighbours[ip("192.168.100.12")] = mac(12);
  Network network(served, 0);
  network.add_guest("veth1", {.addresses = {ip("fd00:100::11"), ip("192.168.100.11")}});
  network.add_guest("veth2", {.mac = mac(77), .addresses = {ip("192.168.100.22")}});
  EXPECT_EQ(chosen({}, 1, network), ip("192.168.100.11"));
  EXPECT_EQ(chosen({}, 1, network, Family::ipv6), ip("fd00:100::11"));
  EXPECT_EQ(chosen({}, 12, network), ip("192.168.100.12"));  // Known as a neighbour, wherever it is.
  EXPECT_NE(chosen({}, 2, network), ip("192.168.100.22"));   // Another MAC behind that port.
}

TEST(LeaseBook, takes_a_fixed_address_from_whoever_had_it_of_the_pool) {
  LeaseBook book;
  book.grant(client(1), ip("192.168.100.11"), "", test_now_s + 60);
  Network network = test_network();
  network.add_guest("veth2", {.addresses = {ip("192.168.100.11")}});
  book.grant(client(2), *chosen(book, 2, network), "", test_now_s + 60);
  EXPECT_EQ(book.find(test_key, mac(1), Family::ipv4), nullptr);
  EXPECT_EQ(book.size(), 1U);
  EXPECT_NE(chosen(book, 1, network), ip("192.168.100.11"));
}

TEST(LeaseBook, does_not_give_out_for_a_while_what_was_declined) {
  LeaseBook book;
  const auto first = *chosen(book, 1);
  book.grant(client(1), first, "", test_now_s + 60);
  book.decline(client(1), first, test_now_s);
  EXPECT_NE(chosen(book, 1), first);
  EXPECT_EQ(*book.choose(client(1), test_network(), Family::ipv4, test_now_s + declined_s), first);
}

TEST(LeaseBook, releases_only_what_is_the_clients) {
  LeaseBook book;
  book.grant(client(1), ip("192.168.100.5"), "", test_now_s + 60);
  EXPECT_FALSE(book.release(client(2), ip("192.168.100.5")));
  EXPECT_FALSE(book.release(client(1), ip("192.168.100.6")));
  EXPECT_TRUE(book.release(client(1), ip("192.168.100.5")));
  EXPECT_EQ(book.size(), 0U);
}

TEST(LeaseBook, forgets_the_leases_of_a_network_that_is_no_more) {
  LeaseBook book;
  book.grant(client(1), ip("192.168.100.5"), "", test_now_s + 60);
  EXPECT_FALSE(book.forget_networks([](const auto& key) { return key.bridge != "lu-br0"; }));
  EXPECT_EQ(book.size(), 1U);
  EXPECT_TRUE(book.forget_networks([](const auto& key) { return key.bridge == "lu-br0"; }));
  EXPECT_EQ(book.size(), 0U);
  EXPECT_TRUE(book.leases_of("veth1").empty());
}

MacAddress nth_mac(std::size_t number) {
  return MacAddress({2, 1, 0, static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
                     static_cast<std::uint8_t>(number)});
}
IpAddress nth_address(std::size_t number) {
  return Subnet::parse("10.0.0.0/8")->host(static_cast<std::uint32_t>(number));
}

TEST(LeaseBook, keeps_one_port_from_taking_all) {
  LeaseBook book;
  const Network network({.subnet4 = Subnet::parse("10.0.0.0/8")}, 0);
  auto asking = client(1);
  for (std::size_t i = 0; i < most_leases_per_port; ++i) {
    asking.mac = nth_mac(i);
    book.grant(asking, nth_address(i), "", test_now_s + 60);
  }
  asking.mac = nth_mac(most_leases_per_port);
  const auto refused = book.choose(asking, network, Family::ipv4, test_now_s);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().details.find("the port has 256 leases"), std::string::npos);
  asking.device = "veth2";
  EXPECT_TRUE(book.choose(asking, network, Family::ipv4, test_now_s));
}

// A pool of 100 addresses, of which 20 are somebody's by configuration, and a guest that takes under many MACs what it
// can.
struct SmallPool {
  Network network = [] {
    auto served = test_served();
    served.pool4_first = ip("192.168.100.101");
    served.pool4_last = ip("192.168.100.200");
    for (std::uint8_t i = 0; i < 20; ++i) {
      served.neighbours[IpAddress(std::array<std::uint8_t, 4>{192, 168, 100, static_cast<std::uint8_t>(101 + i)})] =
          mac(i);
    }
    return Network(served, 0);
  }();
  LeaseBook book = {};

  // How many it got. `use`: what it does with each.
  std::size_t take_all(std::string_view device, const std::function<void(const Client&, const IpAddress&)>& use) {
    for (std::size_t taken = 0;; ++taken) {
      const Client greedy{.network = test_key, .device = std::string(device), .mac = nth_mac(1000 + taken)};
      const auto address = book.choose(greedy, network, Family::ipv4, test_now_s);
      if (!address) return taken;
      use(greedy, **address);
    }
  }
  void expect_room_for_others() {
    for (std::uint8_t number = 101; number <= 125; ++number) {
      book.grant(client(number), *chosen(book, number, network), "", test_now_s + 60);
    }
    EXPECT_FALSE(book.choose(client(126), network, Family::ipv4, test_now_s)) << "it is used up";
  }
};

TEST(LeaseBook, leaves_the_last_of_a_pool_to_ports_that_have_nothing_of_it) {
  SmallPool pool;
  const auto taken = pool.take_all(
      "veth1", [&](const auto& greedy, const auto& address) { pool.book.grant(greedy, address, "", test_now_s + 60); });
  EXPECT_EQ(taken, 100U - 20U - 100U / pool_parts);
  const Client first{.network = test_key, .device = "veth1", .mac = nth_mac(1000)};
  EXPECT_TRUE(pool.book.choose(first, pool.network, Family::ipv4, test_now_s)) << "it keeps what it has";
  pool.expect_room_for_others();
}

TEST(LeaseBook, leaves_them_also_where_a_guest_finds_every_address_in_use) {
  SmallPool pool;
  const auto taken = pool.take_all("veth1", [&](const auto& greedy, const auto& address) {
    pool.book.grant(greedy, address, "", test_now_s + 60);
    pool.book.decline(greedy, address, test_now_s);
  });
  EXPECT_EQ(taken, 100U - 20U - 100U / pool_parts);
  pool.expect_room_for_others();
}

TEST(LeaseBook, holds_the_limits_of_a_network_and_of_all) {
  LeaseBook book;
  const Network network({.subnet4 = Subnet::parse("10.0.0.0/8")}, 0);
  for (std::size_t i = 0; i < most_leases; ++i) {
    const NetworkKey key{.bridge = fmt::format("br{}", i / most_leases_per_network)};
    book.grant({.network = key, .device = fmt::format("veth{}", i), .mac = nth_mac(i)}, nth_address(i), "",
               test_now_s + 60);
    if (i + 1 != most_leases_per_network) continue;
    const auto refused =
        book.choose({.network = key, .device = "v", .mac = nth_mac(i + 1)}, network, Family::ipv4, test_now_s);
    EXPECT_NE(refused.error().details.find("the network has 16384 leases"), std::string::npos);
  }
  const auto refused = book.choose(client(1), network, Family::ipv4, test_now_s);
  EXPECT_NE(refused.error().details.find("the switch has 65536 leases"), std::string::npos);
  EXPECT_EQ(book.forget_ended(test_now_s + 60).size(), most_leases);
  EXPECT_EQ(book.size(), 0U);
}

TEST(LeaseBook, remembers_so_many_declined_addresses_and_no_more) {
  LeaseBook book;
  for (std::size_t i = 0; i <= most_declined_per_network; ++i) book.decline(client(1), nth_address(i), test_now_s);
  const auto only = [](std::size_t i) {
    return Network(
        {.subnet4 = Subnet::parse("10.0.0.0/8"), .pool4_first = nth_address(i), .pool4_last = nth_address(i)}, 0);
  };
  EXPECT_FALSE(book.choose(client(1), only(0), Family::ipv4, test_now_s));
  EXPECT_TRUE(book.choose(client(1), only(most_declined_per_network), Family::ipv4, test_now_s));
}

}  // namespace
}  // namespace weft::services
