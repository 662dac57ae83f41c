#include "lab/cloud_seed.hpp"

#include <gtest/gtest.h>

namespace weft::lab {
namespace {

class CloudSeed : public testing::Test {
 protected:
  void SetUp() override {
    network.subnet4 = Subnet::parse("10.0.0.0/24").value();
    network.router4 = IpAddress::parse("10.0.0.1");
    network.mtu_bytes = 1450;
    machine.name = "vm1";
    machine.image = "/images/debian.qcow2";
    machine.attachment.mac = MacAddress::parse("52:54:00:00:00:01").value();
    machine.attachment.address4 = IpAddress::parse("10.0.0.7");
    machine.attachment.asks_for_address = true;
  }
  topology::Network network;
  topology::VirtualMachine machine;
};

TEST_F(CloudSeed, is_needed_where_nobody_answers_or_the_address_is_fixed) {
  EXPECT_FALSE(needs_seed(machine, network));
  machine.attachment.asks_for_address = false;
  EXPECT_TRUE(needs_seed(machine, network));
  machine.attachment.asks_for_address = true;
  network.has_metadata = false;
  EXPECT_TRUE(needs_seed(machine, network));
  machine.image = "";
  EXPECT_FALSE(needs_seed(machine, network)) << "the small guest is told by its command line";
}

TEST_F(CloudSeed, tells_a_fixed_address) {
  machine.attachment.asks_for_address = false;
  EXPECT_EQ(seed_network(machine, network),
            R"({"ethernets":{"a-card":{"accept-ra":false,"addresses":["10.0.0.7/24"],"gateway4":"10.0.0.1",)"
            R"("match":{"macaddress":"52:54:00:00:00:01"},"mtu":1450,"set-name":"eth0"}},"version":2})"
            "\n");
}

TEST_F(CloudSeed, tells_to_ask_by_dhcp) {
  EXPECT_NE(seed_network(machine, network).find(R"("dhcp4":true,"dhcp6":false)"), std::string::npos);
}

TEST_F(CloudSeed, has_the_keys) {
  machine.ssh_keys = {"ssh-ed25519 AAAA me"};
  EXPECT_EQ(seed_meta_data(machine),
            R"({"instance-id":"vm1","local-hostname":"vm1","public-keys":["ssh-ed25519 AAAA me"]})"
            "\n");
}

}  // namespace
}  // namespace weft::lab
