#include <fmt/format.h>
#include <gtest/gtest.h>

#include "topology/lab_text.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

const std::string hosts = "hosts: [host1, host2]\n";

TEST(Networks, names_the_first_as_the_tutorial_and_the_others_after_themselves) {
  const auto lab = must_read(hosts + "networks: {a: {vni: 1, remotes: all}, a-long-network: {vni: 2, remotes: all}}");
  EXPECT_EQ(lab.networks[0].bridge, "lu-br0");
  EXPECT_EQ(lab.networks[0].tunnel->name, "vxlan0");
  EXPECT_EQ(lab.networks[1].bridge.size(), 15U);
  EXPECT_TRUE(lab.networks[1].bridge.starts_with("br-a-long-"));
  EXPECT_EQ(lab.networks[1].tunnel->name, "vxlan2");
}

TEST(Networks, compute_their_mtu_from_the_smallest_underlay) {
  EXPECT_EQ(
      must_read("hosts: {a: {mtu: 9000}, b: {mtu: 1400}}\nnetworks: {n: {vni: 1, remotes: all}}").networks[0].mtu_bytes,
      1350U);
  EXPECT_EQ(must_read(hosts + "networks: {n: {vni: 1, group: ff05::1}}").networks[0].mtu_bytes, 1430U);
  EXPECT_EQ(must_read(hosts + "networks: {n: {vni: 1, remotes: all, vlan: 10}}").networks[0].mtu_bytes, 1446U);
  EXPECT_EQ(must_read("hosts: [a]\nnetworks: [n]").networks[0].mtu_bytes, 1500U);
  EXPECT_EQ(complaints_of(hosts + "networks: {n: {vni: 1, remotes: all, mtu: 1500}}"),
            "lab.yaml:2:43: mtu is 1500, but vxlan0 carries 1450 at most; raise the hosts' mtu, or leave this out");
  EXPECT_EQ(complaints_of(hosts + "networks: {n: {vni: 1, remotes: all, mtu: 1000, subnet6: 'fd00::/64'}}"),
            "lab.yaml:2:43: the network's mtu is 1000; IPv6 needs 1280");
}

TEST(Networks, share_the_tunnel_of_their_bridge) {
  const auto lab = must_read(
      hosts + "networks:\n  red: {vlan: 10, bridge: b, vni: 7, group: 239.0.0.1}\n  blue: {vlan: 20, bridge: b}\n");
  EXPECT_EQ(lab.networks[1].tunnel, lab.networks[0].tunnel);
  EXPECT_EQ(
      complaints_of(
          hosts +
          "networks:\n  red: {vlan: 10, bridge: b, vni: 7, group: 239.0.0.1}\n  blue: {vlan: 20, bridge: b, vni: 8}\n"),
      "lab.yaml:4:36: bridge b has the tunnel vxlan0 with VNI 7 already; networks of one bridge share it");
  EXPECT_EQ(
      complaints_of(hosts + "networks:\n  red: {vlan: 10, bridge: b}\n  blue: {vlan: 10, bridge: b}\n"),
      "lab.yaml:4:16: networks red and blue are both VLAN 10 on bridge b; give one another vlan, or another bridge");
}

TEST(Networks, refuse_one_vni_on_two_bridges) {
  EXPECT_EQ(
      complaints_of(hosts + "networks:\n  a: {vni: 7, remotes: all}\n  b: {vni: 7, remotes: all}\n"),
      "lab.yaml:4:12: VNI 7 is on bridge br-b and, in network a, on bridge lu-br0; give one another vni or udp-port");
  must_read(hosts + "networks:\n  a: {vni: 7, remotes: all}\n  b: {vni: 7, remotes: all, udp-port: 4790}\n");
}

TEST(Networks, need_a_way_from_host_to_host) {
  EXPECT_EQ(
      complaints_of(hosts + "networks: {n: {vni: 1}}"),
      "lab.yaml:2:12: the network has no way from host to host; expected `group: 239.0.0.1` (multicast), or `remotes: "
      "all` where the underlay carries no multicast");
  EXPECT_EQ(complaints_of(hosts + "networks: {n: {vni: 1, group: 239.0.0.1, remotes: all}}"),
            "lab.yaml:2:51: a network has a group or remotes, not both");
  EXPECT_EQ(complaints_of(hosts + "networks: {n: {group: 239.0.0.1}}"),
            "lab.yaml:2:23: group stands without vni; expected the tunnel's VNI, like `vni: 100`");
  EXPECT_EQ(complaints_of(hosts + "networks: [n]\ncontainers: {c: {hosts: all, count: 4}}"),
            "lab.yaml:3:14: network n is on host1 and host2, but has no tunnel; expected `vni: 100` and a `group` in "
            "the network");
}

TEST(Networks, carry_remotes_over_the_addresses_that_all_hosts_have) {
  EXPECT_TRUE(must_read("underlay: {subnet6: 'fd00:99::/64'}\n" + hosts + "networks: {n: {vni: 1, remotes: all}}")
                  .networks[0]
                  .tunnel->is_over_ipv6);
  EXPECT_EQ(
      complaints_of("hosts: {a: {ssh: a}, b: {ssh: b, underlay: 10.0.0.2}}\nnetworks: {n: {vni: 1, remotes: all}}"),
      "lab.yaml:2:33: host a has no `underlay` address that the others could send to");
  EXPECT_EQ(
      complaints_of("underlay: {subnet6: 'fd00:99::/64'}\n" + hosts + "networks: {n: {vni: 1, group: 239.0.0.1}}"),
      "lab.yaml:3:31: the group is IPv4, but host host1 has no such address in the underlay\n"
      "lab.yaml:3:31: the group is IPv4, but host host2 has no such address in the underlay");
}

TEST(Networks, refuse_tunnel_ports_that_another_switch_does_not_know) {
  EXPECT_EQ(
      complaints_of("hosts: {a: {}, b: {switch: openvswitch}}\nnetworks: {n: {vni: 1, group: 239.0.0.1, kind: port}}"),
      "lab.yaml:2:48: host b has Open vSwitch, whose tunnel ports know no groups; expected kind: device, or remotes: "
      "all");
  EXPECT_EQ(
      complaints_of("hosts: {a: {}, b: {switch: linux-bridge}}\nnetworks: {n: {vni: 1, remotes: all, kind: port}}"),
      "lab.yaml:2:44: host b has a Linux bridge, which knows no ports of type=vxlan; expected kind: device");
}

TEST(Networks, check_what_addresses_and_numbers_can_be) {
  EXPECT_EQ(
      complaints_of("hosts: [a]\nnetworks: {n: {subnet: 192.168.100.1/24, vlan: 4095, group: 10.0.0.1}}"),
      "lab.yaml:2:24: subnet is \"192.168.100.1/24\"; expected an IPv4 subnet like 192.168.100.0/24\n"
      "lab.yaml:2:48: vlan is \"4095\"; expected a number from 1 to 4094\n"
      "lab.yaml:2:61: group is \"10.0.0.1\"; expected a multicast address: 224.0.0.0 to 239.255.255.255, or ff00::/8");
  EXPECT_EQ(complaints_of("hosts: [a]\nnetworks: {n: {subnet: 10.0.0.0/24, router: 10.0.1.1}, m: {router: 10.0.0.1}}"),
            "lab.yaml:2:45: router is 10.0.1.1, which no host in 10.0.0.0/24 can have\n"
            "lab.yaml:2:68: router stands without a subnet that it is in");
}

TEST(Networks, refuse_names_of_devices_that_are_taken) {
  EXPECT_EQ(complaints_of(hosts + "networks: {n: {vni: 1, remotes: all, bridge: eth0, tunnel: lo}}"),
            "lab.yaml:2:46: the bridge's name eth0 is another device's\nlab.yaml:2:60: the tunnel's name lo is another "
            "device's");
  EXPECT_EQ(complaints_of(hosts + "networks: {n: {vni: 1, remotes: all, bridge: a-name-that-is-too-long}}"),
            "lab.yaml:2:46: bridge is \"a-name-that-is-too-long\"; expected a device's name: letters, digits, \".\", "
            "\"_\" and \"-\", 15 at most");
}

TEST(Networks, are_bounded) {
  std::string text = "hosts: [a]\nnetworks: [n0";
  for (std::size_t i = 1; i < networks_max; ++i) text += fmt::format(", n{}", i);
  EXPECT_EQ(must_read(text + "]").networks.size(), networks_max);
  EXPECT_NE(complaints_of(text + ", more]").find("more than 1000 networks"), std::string::npos);
}

}  // namespace
}  // namespace weft::topology
