#include "reconcile/service_rules.hpp"

#include <gtest/gtest.h>

namespace weft::reconcile {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
MacAddress mac(std::string_view text) { return MacAddress::parse(text).value(); }

TEST(ServiceRules, read_every_key_of_a_network) {
  const auto [networks, error] =
      networks_of({{"subnet", "192.168.100.0/24"},
                   {"subnet6", "fd00:100::/64"},
                   {"router", "192.168.100.1"},
                   {"router6", "fe80::1"},
                   {"dns", "192.168.100.2, fd00:100::53"},
                   {"domain", "lab.example"},
                   {"pool", "192.168.100.50-192.168.100.99"},
                   {"lease-time", "600"},
                   {"mtu", "1450"},
                   {"metadata", "true"},
                   {"neighbours", "192.168.100.12=02:00:00:00:00:12 fd00:100::12=02:00:00:00:00:12"},
                   {"mac-table-size", "100"}});
  EXPECT_EQ(error, "");
  const model::ServedNetwork expected{
      .subnet4 = Subnet::parse("192.168.100.0/24"),
      .subnet6 = Subnet::parse("fd00:100::/64"),
      .router4 = ip("192.168.100.1"),
      .router6 = ip("fe80::1"),
      .dns = {ip("192.168.100.2"), ip("fd00:100::53")},
      .domain = "lab.example",
      .pool4_first = ip("192.168.100.50"),
      .pool4_last = ip("192.168.100.99"),
      .lease_s = 600,
      .mtu_bytes = 1450,
      .has_metadata = true,
      .neighbours = {{ip("192.168.100.12"), mac("02:00:00:00:00:12")}, {ip("fd00:100::12"), mac("02:00:00:00:00:12")}}};
  ASSERT_EQ(networks.size(), 1U);
  EXPECT_EQ(networks.at(0), expected);
}

TEST(ServiceRules, keep_the_networks_of_vlans_apart) {
  const auto [networks, error] =
      networks_of({{"subnet", "10.0.0.0/24"}, {"vlan10-subnet", "10.0.10.0/24"}, {"vlan10-router", "10.0.10.1"}});
  EXPECT_EQ(error, "");
  EXPECT_EQ(networks.size(), 2U);
  EXPECT_EQ(networks.at(0).router4, std::nullopt);
  EXPECT_EQ(networks.at(10).router4, ip("10.0.10.1"));
}

TEST(ServiceRules, leave_other_keys_alone) {
  const auto [networks, error] =
      networks_of({{"hwaddr", "x"}, {"vlan-limit", "2"}, {"vlan0-subnet", "x"}, {"vlan4095-subnet", "x"}});
  EXPECT_TRUE(networks.empty());
  EXPECT_EQ(error, "");
}

TEST(ServiceRules, name_what_is_wrong_and_keep_the_rest) {
  const auto [networks, error] =
      networks_of({{"subnet", "192.168.100.0/24"}, {"vlan7-router", "10.0.0.1"}, {"lease-time", "soon"}});
  EXPECT_TRUE(networks.at(0).subnet4);
  EXPECT_EQ(networks.at(0).lease_s, 3600U);
  EXPECT_EQ(networks.at(7).router4, std::nullopt);
  EXPECT_NE(error.find("lease-time \"soon\": not a number from 10"), std::string::npos) << error;
  EXPECT_NE(error.find("vlan7-router \"10.0.0.1\": without a subnet"), std::string::npos) << error;
}

TEST(ServiceRules, refuse_each_value_that_cannot_be) {
  const std::pair<const char*, const char*> bad[] = {{"subnet", "192.168.100.1/24"},
                                                     {"subnet", "fd00::/64"},
                                                     {"subnet6", "10.0.0.0/8"},
                                                     {"router", "255.255.255.255"},
                                                     {"router6", "fd00::1"},
                                                     {"dns", "224.0.0.1"},
                                                     {"domain", "a..b"},
                                                     {"domain", "-a"},
                                                     {"pool", "192.168.100.5"},
                                                     {"pool", "192.168.100.5-192.168.100.4"},
                                                     {"pool", "10.0.0.1-10.0.0.2"},
                                                     {"lease-time", "9"},
                                                     {"mtu", "67"},
                                                     {"metadata", "yes"},
                                                     {"neighbours", "192.168.100.12"},
                                                     {"neighbours", "192.168.100.12=01:00:00:00:00:12"}};
  for (const auto& [key, value] : bad) {
    std::map<std::string, std::string> settings = {{"subnet", "192.168.100.0/24"}};
    settings[key] = value;
    const auto [networks, error] = networks_of(settings);
    EXPECT_NE(error.find(fmt::format("other_config:{} \"", key)), std::string::npos) << key << " " << value << error;
  }
}

TEST(ServiceRules, hold_the_limits_of_lists) {
  std::string neighbours, servers;
  for (std::size_t i = 0; i <= most_neighbours; ++i) {
    neighbours += fmt::format("fd00::{:x}:{:x}=02:00:00:00:00:01 ", i / 1000 + 1, i % 1000 + 1);
  }
  for (std::size_t i = 0; i <= most_dns_servers; ++i) servers += fmt::format("10.0.0.{} ", i + 1);
  const auto [networks, error] = networks_of({{"neighbours", neighbours}, {"dns", servers}});
  EXPECT_TRUE(networks.at(0).neighbours.empty());
  EXPECT_TRUE(networks.at(0).dns.empty());
  EXPECT_NE(error.find("more than 65536 neighbours"), std::string::npos);
  EXPECT_NE(error.find("17 servers, 16 at most"), std::string::npos);
  EXPECT_LT(error.size(), 500U);
}

TEST(ServiceRules, read_every_key_of_a_guest) {
  const auto [guest, error] = guest_of({.ip_address = "192.168.100.11",
                                        .ip6_address = "fd00:100::11",
                                        .hostname = "vm1",
                                        .instance_id = "i-1",
                                        .ssh_keys = "ssh-ed25519 AAAA a\nssh-ed25519 BBBB b\n",
                                        .user_data = "#cloud-config\n",
                                        .port_security = "true",
                                        .attached_mac = "02:00:00:00:00:11",
                                        .vm_id = "not this"});
  EXPECT_EQ(error, "");
  EXPECT_EQ(guest, (model::Guest{.mac = mac("02:00:00:00:00:11"),
                                 .addresses = {ip("192.168.100.11"), ip("fd00:100::11")},
                                 .hostname = "vm1",
                                 .instance_id = "i-1",
                                 .ssh_keys = {"ssh-ed25519 AAAA a", "ssh-ed25519 BBBB b"},
                                 .user_data = "#cloud-config\n",
                                 .is_confined = true}));
}

TEST(ServiceRules, take_what_libvirt_and_os_vif_write_for_an_instance_id) {
  EXPECT_EQ(guest_of({.iface_id = "port-1", .vm_id = "vm-1"}).guest->instance_id, "vm-1");
  EXPECT_EQ(guest_of({.iface_id = "port-1"}).guest->instance_id, "port-1");
  EXPECT_EQ(guest_of({}).guest, std::nullopt);
}

TEST(ServiceRules, name_what_is_wrong_about_a_guest) {
  const auto [guest, error] = guest_of({.ip_address = "fd00::1",
                                        .hostname = "a b",
                                        .instance_id = "a b",
                                        .user_data = std::string(most_user_data_bytes + 1, 'x'),
                                        .port_security = "maybe",
                                        .attached_mac = "1"});
  for (const auto* key : {"ip-address", "hostname", "instance-id", "user-data", "port-security", "attached-mac"}) {
    EXPECT_NE(error.find(key), std::string::npos) << key;
  }
  EXPECT_EQ(guest, (model::Guest{.is_confined = true}));
}

}  // namespace
}  // namespace weft::reconcile
