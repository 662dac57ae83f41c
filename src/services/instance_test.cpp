#include "services/instance.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"

namespace weft::services {
namespace {

const Asker asker{.network = test_key, .device = "veth1", .mac = mac(1), .address = ip("192.168.100.11")};

TEST(Instance, is_what_is_configured_for_the_port) {
  auto network = test_network();
  network.add_guest("veth1", {.addresses = {ip("192.168.100.11"), ip("fd00:100::11")},
                              .hostname = "vm1",
                              .instance_id = "i-1",
                              .ssh_keys = {"key"},
                              .user_data = "data"});
  const auto instance = instance_of(asker, network, {});
  EXPECT_EQ(instance.id, "i-1");
  EXPECT_EQ(instance.hostname, "vm1");
  EXPECT_EQ(instance.address4, ip("192.168.100.11"));
  EXPECT_EQ(instance.address6, ip("fd00:100::11"));
  EXPECT_TRUE(instance.has_dhcp4 && instance.has_dhcp6 && !instance.has_slaac);
  EXPECT_EQ(instance.mtu_bytes, 1450U);
  EXPECT_EQ(instance.ssh_keys, std::vector<std::string>{"key"});
  EXPECT_EQ(instance.user_data, "data");
}

TEST(Instance, has_a_name_and_its_lease_where_nothing_is_configured) {
  LeaseBook leases;
  leases.grant(client(1), ip("192.168.100.77"), "", test_now_s + 60);
  const auto instance = instance_of(asker, test_network(), leases);
  EXPECT_EQ(instance.id, "i-020000000001");
  EXPECT_EQ(instance.hostname, "host-020000000001");
  EXPECT_EQ(instance.address4, ip("192.168.100.77"));
  EXPECT_TRUE(instance.has_slaac && !instance.has_dhcp6);
}

}  // namespace
}  // namespace weft::services
