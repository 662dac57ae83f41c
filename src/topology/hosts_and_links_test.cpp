#include <fmt/format.h>
#include <gtest/gtest.h>

#include "topology/lab_text.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

std::vector<std::string> underlay_of(const Topology& lab) {
  std::vector<std::string> addresses;
  for (const auto& host : lab.hosts) {
    for (const auto& own : host.underlay) addresses.push_back(own.to_string());
  }
  return addresses;
}

TEST(HostsAndLinks, unrolls_a_group_of_hosts) {
  const auto lab = must_read("hosts: {edge: , node: {count: 3, mtu: 9000}}");
  ASSERT_EQ(lab.hosts.size(), 4U);
  EXPECT_EQ(lab.hosts[3].name, "node3");
  EXPECT_EQ(lab.hosts[3].mtu_bytes, 9000U);
  EXPECT_EQ(underlay_of(lab),
            (std::vector<std::string>{"172.31.99.1/24", "172.31.99.2/24", "172.31.99.3/24", "172.31.99.4/24"}));
  ASSERT_EQ(lab.links.size(), 1U);
  EXPECT_EQ(lab.links[0].ends.size(), 4U);
  EXPECT_EQ(lab.links[0].mtu_bytes, 9000U);
}

TEST(HostsAndLinks, gives_no_host_an_address_that_another_has_by_the_file) {
  EXPECT_EQ(underlay_of(must_read("hosts: {a: {}, b: {underlay: 172.31.99.1/24}, c: {}}")),
            (std::vector<std::string>{"172.31.99.2/24", "172.31.99.1/24", "172.31.99.3/24"}));
  EXPECT_EQ(complaints_of("hosts:\n  a: {underlay: 10.0.0.1/8}\n  b: {underlay: 10.0.0.1/8}"),
            "lab.yaml:3:3: the underlay address 10.0.0.1 is given twice; first to the host on line 2");
  EXPECT_EQ(complaints_of("underlay: {subnet: 10.0.0.0/30}\nhosts: {a: {count: 3}}"),
            "lab.yaml:2:9: the underlay's subnet 10.0.0.0/30 has no address left for a3");
  EXPECT_EQ(complaints_of("hosts: {a: {underlay: 10.0.0.1}}"),
            "lab.yaml:1:23: underlay is \"10.0.0.1\"; expected its prefix length too, like 10.0.0.1/24");
}

TEST(HostsAndLinks, gives_ipv6_addresses_where_the_underlay_or_a_group_has_ipv6) {
  EXPECT_EQ(underlay_of(must_read("underlay: {subnet6: fd00:99::/64}\nhosts: [a, b]")),
            (std::vector<std::string>{"fd00:99::1/64", "fd00:99::2/64"}));
  EXPECT_EQ(underlay_of(must_read("hosts: [a]\nnetworks: {n: {vni: 1, group: ff05::1}}")),
            (std::vector<std::string>{"172.31.99.1/24", "fd57:6566:7499::1/64"}));
}

TEST(HostsAndLinks, reads_real_hosts) {
  const auto lab = must_read("hosts: {a: {ssh: root@192.0.2.1, underlay: [192.0.2.1, \"2001:db8::1\"], device: ens3}}");
  EXPECT_EQ(lab.hosts[0].ssh, "root@192.0.2.1");
  EXPECT_EQ(underlay_of(lab), (std::vector<std::string>{"192.0.2.1/32", "2001:db8::1/128"}));
  EXPECT_TRUE(lab.links.empty());
  EXPECT_EQ(complaints_of("hosts: {a: {ssh: -oProxyCommand=x}}"),
            "lab.yaml:1:18: ssh is \"-oProxyCommand=x\"; expected user@address, or ssh://user@address:port");
  EXPECT_EQ(complaints_of("hosts: {a: {ssh: root@192.0.2.1}, b: {}}"),
            "lab.yaml:1:9: a is real and others are simulated: no wire is between them");
}

TEST(HostsAndLinks, reads_wires_and_their_mtu) {
  const auto lab = must_read(
      "hosts: [a, b, c]\nlinks:\n- {endpoints: [a:eth0, b:eth0, c:eth0], mtu: 9000}\n- endpoints: [\"a:eth1\", "
      "\"c:eth1\"]\n");
  ASSERT_EQ(lab.links.size(), 2U);
  EXPECT_EQ(lab.links[1], (Link{{{"a", "eth1"}, {"c", "eth1"}}, 9000}));
  EXPECT_EQ(lab.hosts[0].mtu_bytes, 9000U);
}

TEST(HostsAndLinks, keeps_the_mtu_of_a_host_that_a_wire_cannot_carry) {
  const auto lab =
      must_read("hosts: {a: {mtu: 1500}, b: {mtu: 1500}}\nlinks: [{endpoints: [a:eth0, b:eth0], mtu: 1400}]");
  EXPECT_EQ(lab.hosts[0].mtu_bytes, 1500U);
  EXPECT_EQ(lab.links[0].mtu_bytes, 1400U);
}

TEST(HostsAndLinks, refuses_wires_that_lead_nowhere) {
  EXPECT_EQ(complaints_of("hosts: [host1, host2]\nlinks: [{endpoints: [host1:eth0, hots2:eth0]}]"),
            "lab.yaml:1:16: no link ends at host2:eth0, the host's way to the others\n"
            "lab.yaml:2:34: there is no host \"hots2\"; did you mean \"host2\"?");
  EXPECT_EQ(complaints_of("hosts: [a, b]\nlinks: [{endpoints: [a:eth0]}, {endpoints: [a:eth0, b:eth0]}]"),
            "lab.yaml:2:21: a link has at least two ends, like [host1:eth0, host2:eth0]\n"
            "lab.yaml:2:45: a:eth0 is the end of two links");
  EXPECT_EQ(complaints_of("hosts: [a]\nlinks: [{endpoints: [a, b]}]"),
            "lab.yaml:2:22: endpoints is \"a\"; expected a host and its device, like host1:eth0");
}

TEST(HostsAndLinks, bounds_the_hosts) {
  EXPECT_EQ(must_read(fmt::format("hosts: {{a: {{count: {}}}}}", hosts_max)).hosts.size(), hosts_max);
  EXPECT_EQ(complaints_of(fmt::format("hosts: {{a: {{count: {}}}, b: {{}}}}", hosts_max)),
            "lab.yaml:1:26: more than 250 hosts");
}

TEST(HostsAndLinks, refuses_a_name_that_is_given_twice) {
  EXPECT_EQ(complaints_of("hosts: {a1: {}, a: {count: 2}}"),
            "lab.yaml:1:17: the name \"a1\" is given twice; first on line 1");
}

}  // namespace
}  // namespace weft::topology
