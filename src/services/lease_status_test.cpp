#include "services/lease_status.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"

namespace weft::services {
namespace {

LeaseBook sample() {
  LeaseBook book;
  book.grant(client(1), ip("192.168.100.11"), "vm1", test_now_s + 60);
  book.grant(client(1), ip("fd00:100::11"), "", test_now_s);
  return book;
}

TEST(LeaseStatus, tells_addresses_name_and_the_first_end) {
  EXPECT_EQ(lease_status(sample().leases_of("veth1")),
            (std::map<std::string, std::string>{{"ip_address", "192.168.100.11"},
                                                {"ip6_address", "fd00:100::11"},
                                                {"hostname", "vm1"},
                                                {"lease_expires", "2023-11-14T22:13:20Z"}}));
  EXPECT_TRUE(lease_status({}).empty());
}

TEST(LeaseStatus, shows_so_many_addresses_and_no_more) {
  LeaseBook book;
  for (std::uint8_t number = 1; number <= most_shown + 1; ++number) {
    auto asking = client(number);
    asking.device = "veth1";
    book.grant(asking, ip(fmt::format("192.168.100.{}", number)), "", test_now_s);
  }
  const auto text = lease_status(book.leases_of("veth1")).at("ip_address");
  EXPECT_EQ(std::ranges::count(text, ','), static_cast<std::ptrdiff_t>(most_shown - 1));
}

TEST(LeaseTable, has_the_leases_of_a_bridge) {
  const auto book = sample();
  const auto table = lease_table(book.leases(), "lu-br0");
  EXPECT_NE(table.find("lu-br0              0  192.168.100.11 "), std::string::npos) << table;
  EXPECT_NE(table.find(" 2023-11-14T22:14:20Z  vm1\n"), std::string::npos) << table;
  EXPECT_EQ(std::ranges::count(table, '\n'), 3);
  EXPECT_EQ(std::ranges::count(lease_table(book.leases(), "br1"), '\n'), 1);
}

TEST(LeaseBook, forgets_the_port_and_not_the_lease_when_a_port_goes) {
  auto book = sample();
  book.leave("veth1");
  EXPECT_TRUE(book.leases_of("veth1").empty());
  EXPECT_EQ(book.size(), 2U);
  EXPECT_EQ(book.find(test_key, mac(1), Family::ipv4)->device, "");
}

}  // namespace
}  // namespace weft::services
