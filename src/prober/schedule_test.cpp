#include "prober/schedule.hpp"

#include <gtest/gtest.h>

namespace weft::prober {
namespace {

using Numbers = std::vector<std::uint32_t>;

Endpoint endpoint(std::uint32_t network, const char* address4, const char* address6 = "") {
  return {.network = network, .address4 = IpAddress::parse(address4), .address6 = IpAddress::parse(address6)};
}

// Two networks; 2 is a guest, 3 has no IPv4 address.
Endpoints some() {
  Endpoints all{endpoint(0, "10.0.0.1", "fd00::1"), endpoint(0, "10.0.0.2"), endpoint(0, "10.0.0.3"),
                endpoint(0, "", "fd00::4"),         endpoint(1, "10.0.0.1"), endpoint(1, "10.0.0.2")};
  all[2].is_guest = true;
  return all;
}

TEST(Schedule, asks_all_others_of_the_network_that_have_an_address) {
  EXPECT_EQ(targets(some(), 0, Probe::small4), (Numbers{1, 2}));
  EXPECT_EQ(targets(some(), 1, Probe::tcp4), (Numbers{0, 2}));
  EXPECT_EQ(targets(some(), 0, Probe::full6), (Numbers{3}));
  EXPECT_EQ(targets(some(), 3, Probe::small4), Numbers{});
}

TEST(Schedule, asks_nothing_in_a_guest) { EXPECT_EQ(targets(some(), 2, Probe::small4), Numbers{}); }

TEST(Schedule, listens_for_all_others_of_the_network_but_guests) {
  EXPECT_EQ(targets(some(), 0, Probe::flood), (Numbers{1, 3}));
  EXPECT_EQ(targets(some(), 2, Probe::flood), Numbers{});
}

TEST(Schedule, listens_for_those_of_other_networks_that_must_not_be_heard) {
  EXPECT_EQ(targets(some(), 4, Probe::stranger), (Numbers{0, 1, 3}));
}

TEST(Schedule, sends_to_one_member_of_each_other_network) {
  EXPECT_EQ(strangers_tried(some(), 0), Numbers{4});
  EXPECT_EQ(strangers_tried(some(), 1), Numbers{5});
  EXPECT_EQ(strangers_tried(some(), 5).size(), 1U);
}

TEST(Schedule, lets_each_address_be_asked_for_once) {
  EXPECT_EQ(targets(some(), 0, Probe::resolve4), Numbers{1});
  EXPECT_EQ(targets(some(), 1, Probe::resolve4), (Numbers{2, 0}));
  EXPECT_EQ(targets(some(), 4, Probe::resolve4), Numbers{5});
  EXPECT_EQ(targets(some(), 5, Probe::resolve4), Numbers{4});
}

TEST(Schedule, counts_the_neighbours_of_a_full_mesh) {
  EXPECT_EQ(neighbour_count(Endpoints(200)), 39800U);
  EXPECT_EQ(neighbour_count(some()), 4U * 3 + 2);
}

}  // namespace
}  // namespace weft::prober
