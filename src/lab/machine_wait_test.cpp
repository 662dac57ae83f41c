#include <gtest/gtest.h>

#include "lab/objects.hpp"
#include "topology/read_lab.hpp"

namespace weft::lab {
namespace {

// What waits for vm1 of the lab.
std::string wait_in(const std::string& network, const std::string& machine) {
  const auto text =
      "hosts: [h1]\nnetworks:\n  net: {vni: 1, " + network + "}\nvms:\n  vm1: {host: h1, port: p1" + machine + "}\n";
  const auto lab =
      topology::read_text(text, "lab.yaml", [](const std::string&) -> Result<std::string> { return fail("x", "x"); });
  EXPECT_TRUE(lab) << lab.error().details;
  if (!lab) return {};
  return as_typed(guest_object({.lab = &*lab, .host = &lab->hosts.front()}, lab->machines.front()).create.front());
}

TEST(MachineWait, asks_for_the_address_in_the_name_of_the_last_one_that_is_free) {
  EXPECT_TRUE(
      wait_in("subnet: 10.0.0.0/24", "").starts_with("weft lab-await-address p1 10.0.0.1 10.0.0.254 0 300 || "));
  EXPECT_TRUE(wait_in("subnet: 10.0.0.0/24, router: 10.0.0.254, dns: [10.0.0.253]", ", address: 10.0.0.252")
                  .starts_with("weft lab-await-address p1 10.0.0.252 10.0.0.251 "));
}

TEST(MachineWait, lets_an_address_settle_that_cloud_init_takes_twice) {
  const std::string image = ", image: /i.qcow2, address: 10.0.0.7";
  EXPECT_TRUE(wait_in("subnet: 10.0.0.0/24", image).contains(" 10.0.0.254 5 300 "));
  EXPECT_TRUE(wait_in("subnet: 10.0.0.0/24, metadata: false", image).contains(" 10.0.0.254 0 300 "));
}

TEST(MachineWait, asks_for_an_ipv6_address_where_there_is_no_other) {
  EXPECT_TRUE(wait_in("subnet6: fd00::/64", ", address6: fd00::7")
                  .starts_with("weft lab-await-address p1 fd00::7 fe80::7765:6674 0 300 || "));
}

TEST(MachineWait, heeds_any_sign_of_a_guest_that_nobody_can_ask) {
  EXPECT_TRUE(
      wait_in("subnet: 10.0.0.0/30, router: 10.0.0.1", ", address: 10.0.0.2").contains("grep -q '^guest is up'"));
}

}  // namespace
}  // namespace weft::lab
