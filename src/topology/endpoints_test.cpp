#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "topology/lab_text.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

std::map<std::string, std::string> addresses_of(const Topology& lab) {
  std::map<std::string, std::string> addresses;
  for (const auto& one : lab.containers)
    addresses[one.name] = one.attachment.address4 ? one.attachment.address4->to_string() : "";
  for (const auto& one : lab.machines)
    addresses[one.name] = one.attachment.address4 ? one.attachment.address4->to_string() : "";
  return addresses;
}

using Addresses = std::map<std::string, std::string>;

TEST(Endpoints, are_spread_over_the_hosts_in_turn) {
  const auto lab =
      must_read(two_hosts + "containers: {web: {count: 3}, db: {hosts: [host2], per-host: 2}, one: {host: host1}}");
  std::map<std::string, std::string> hosts;
  for (const auto& one : lab.containers) hosts[one.name] = one.host;
  EXPECT_EQ(hosts, (std::map<std::string, std::string>{{"db1", "host2"},
                                                       {"db2", "host2"},
                                                       {"one", "host1"},
                                                       {"web1", "host1"},
                                                       {"web2", "host2"},
                                                       {"web3", "host1"}}));
}

TEST(Endpoints, may_name_a_group_of_hosts) {
  const auto lab = must_read(
      "hosts: {edge: {}, node: {count: 2}}\nnetworks: {n: {vni: 1, remotes: all}}\n"
      "containers: {c: {hosts: node, per-host: 1}}");
  ASSERT_EQ(lab.containers.size(), 2U);
  EXPECT_EQ(lab.containers[1].host, "node2");
}

TEST(Endpoints, have_addresses_by_their_order_beside_those_of_the_file) {
  EXPECT_EQ(
      addresses_of(must_read(
          two_hosts + "containers: {a: {host: host1}, b: {host: host2, address: 192.168.100.2}, c: {host: host1}}")),
      (Addresses{{"a", "192.168.100.1"}, {"b", "192.168.100.2"}, {"c", "192.168.100.3"}}));
  EXPECT_EQ(addresses_of(must_read(two_hosts + "containers: {a: {count: 2, address: 192.168.100.50}}")),
            (Addresses{{"a1", "192.168.100.50"}, {"a2", "192.168.100.51"}}));
}

KnownAddresses known(const Topology& lab) {
  KnownAddresses known;
  for (const auto& one : lab.containers) known[one.name] = {*one.attachment.address4};
  return known;
}

TEST(Endpoints, keep_what_they_have_where_another_is_put_before_them) {
  const auto before = must_read(two_hosts + "containers: {b: {host: host1}, c: {host: host2}}");
  const auto text = two_hosts + "containers: {a: {host: host1}, b: {host: host1}, c: {host: host2}}";
  EXPECT_EQ(addresses_of(must_read(text, known(before))),
            (Addresses{{"a", "192.168.100.3"}, {"b", "192.168.100.1"}, {"c", "192.168.100.2"}}));
  EXPECT_EQ(addresses_of(must_read(text)),
            (Addresses{{"a", "192.168.100.1"}, {"b", "192.168.100.2"}, {"c", "192.168.100.3"}}));
}

TEST(Endpoints, yield_what_they_have_to_one_that_the_file_names_and_to_the_router) {
  const KnownAddresses known = {{"b", {IpAddress::parse("192.168.100.1").value()}},
                                {"c", {IpAddress::parse("192.168.100.2").value()}},
                                {"d", {IpAddress::parse("10.0.0.7").value()}}};
  EXPECT_EQ(
      addresses_of(must_read(two_hosts + "containers: {a: {host: host1, address: 192.168.100.1}, b: {host: host1}, c: "
                                         "{host: host2}, d: {host: host2}}",
                             known)),
      (Addresses{{"a", "192.168.100.1"}, {"b", "192.168.100.3"}, {"c", "192.168.100.2"}, {"d", "192.168.100.4"}}));
}

TEST(Endpoints, that_are_new_have_what_the_file_alone_gives_them_unless_another_has_it) {
  const auto text = [](int count) {
    return two_hosts + fmt::format("containers: {{web: {{count: {}}}, db: {{count: 2}}}}", count);
  };
  EXPECT_EQ(addresses_of(must_read(text(3), known(must_read(text(2))))), addresses_of(must_read(text(3))));
}

TEST(Endpoints, keep_their_addresses_where_a_group_grows) {
  const auto text = [](int count) {
    return two_hosts +
           fmt::format(
               "containers: {{one: {{host: host1}}, web: {{count: {}}}, db: {{count: 4}}, two: {{host: host2}}}}",
               count);
  };
  const auto before = addresses_of(must_read(text(3)));
  const auto after = addresses_of(must_read(text(60)));
  for (const auto& [name, address] : before) EXPECT_EQ(after.at(name), address) << name;
  std::set<std::string> different;
  for (const auto& [name, address] : after) different.insert(address);
  EXPECT_EQ(different.size(), after.size());
}

TEST(Endpoints, fill_a_subnet_to_its_last_address) {
  const std::string small = "hosts: [a]\nnetworks: {n: {subnet: 10.0.0.0/29, router: 10.0.0.1}}\n";
  const auto lab = must_read(small + "containers: {a: {count: 4}, b: {count: 1}}");
  EXPECT_EQ(
      addresses_of(lab),
      (Addresses{{"a1", "10.0.0.2"}, {"a2", "10.0.0.4"}, {"a3", "10.0.0.6"}, {"a4", "10.0.0.5"}, {"b1", "10.0.0.3"}}));
  EXPECT_EQ(complaints_of(small + "containers: {a: {count: 4}, b: {count: 2}}"),
            "lab.yaml:3:14: 10.0.0.0/29, the network's subnet, has no address left for a4; it has 5 for 6 endpoints");
}

TEST(Endpoints, refuse_addresses_outside_their_subnet_or_given_twice) {
  EXPECT_EQ(complaints_of(
                two_hosts +
                "containers:\n  a: {host: host1, address: 192.168.100.9}\n  b: {host: host1, address: 192.168.100.9}\n"
                "  c: {host: host1, address: 192.168.101.1}\n  d: {host: host1, address: 192.168.100.255}\n"
                "  e: {host: host1, address6: 'fd00::1'}\n  f: {count: 3, address: 192.168.100.253}\n"),
            "lab.yaml:6:29: b would have 192.168.100.9, the address of a on line 5\n"
            "lab.yaml:7:29: 192.168.101.1 is no host's address in 192.168.100.0/24, the network's subnet\n"
            "lab.yaml:8:29: 192.168.100.255 is no host's address in 192.168.100.0/24, the network's subnet\n"
            "lab.yaml:9:30: network net0 has no subnet6 that addresses are from\n"
            "lab.yaml:10:26: from 192.168.100.253 on, 192.168.100.0/24 has no address for f3");
}

TEST(Endpoints, have_addresses_of_both_kinds) {
  const auto lab =
      must_read("hosts: [a]\nnetworks: {n: {subnet: 10.0.0.0/24, subnet6: 'fd00::/64'}}\ncontainers: {c: {count: 2}}");
  EXPECT_EQ(lab.containers[1].attachment.address6, IpAddress::parse("fd00::2"));
}

TEST(Endpoints, have_macs_that_their_names_make) {
  const auto lab = must_read(two_hosts + "containers: {a: {count: 200}, b: {host: host1, mac: '02:00:00:00:00:01'}}");
  std::set<MacAddress> macs;
  for (const auto& one : lab.containers) {
    EXPECT_FALSE(one.attachment.mac.is_multicast());
    EXPECT_EQ(one.attachment.mac.bytes()[0] & 2, 2);
    macs.insert(one.attachment.mac);
  }
  EXPECT_EQ(macs.size(), 201U);
  // It must never change: addresses on disks and in leases hang on it.
  EXPECT_EQ(lab.containers[0].attachment.mac.to_string(), "02:10:f1:ed:01:93");
  EXPECT_EQ(complaints_of(
                two_hosts +
                "containers: {a: {count: 2, mac: '02:00:00:00:00:01'}, b: {host: host1, mac: '03:00:00:00:00:01'}}"),
            "lab.yaml:4:77: mac is the text \"03:00:00:00:00:01\"; expected the MAC address of one device, like "
            "02:00:00:00:00:01");
  EXPECT_EQ(complaints_of(two_hosts + "containers: {a: {count: 2, mac: '02:00:00:00:00:01'}}"),
            "lab.yaml:4:33: the members of a group cannot share one mac");
}

TEST(Endpoints, have_ports_that_fit_a_device_name_and_no_two_on_a_host_share) {
  const auto lab =
      must_read(two_hosts + "containers: {a-container-with-a-long-name: {count: 12}, short: {host: host1}}");
  std::set<std::string> ports;
  for (const auto& one : lab.containers) {
    EXPECT_LE(one.attachment.port.size(), 15U);
    ports.insert(one.attachment.port);
  }
  EXPECT_EQ(ports.size(), 13U);
  EXPECT_EQ(lab.containers[12].attachment.port, "short");
  EXPECT_EQ(complaints_of(
                two_hosts +
                "containers: {a: {host: host1, port: veth0}, b: {host: host1, port: veth0}, vxlan0: {host: host2}}"),
            "lab.yaml:4:68: the port veth0 of b is a's on host1 already\n"
            "lab.yaml:4:76: the port's name vxlan0 is another device's on host2; expected another `port`");
  EXPECT_EQ(
      complaints_of(two_hosts + "vms: {a: {host: host1, port: vnet0}}"),
      "lab.yaml:4:30: the port's name vnet0 begins with vnet, which libvirt keeps to itself; expected another `port`");
}

TEST(Endpoints, ask_for_their_address_where_the_file_says_and_weftd_answers) {
  const auto lab = must_read(two_hosts + "containers: {a: {host: host1, address: dhcp}}\nvms: {b: {host: host1}}");
  EXPECT_TRUE(lab.containers[0].attachment.asks_for_address);
  EXPECT_EQ(lab.containers[0].attachment.address4, IpAddress::parse("192.168.100.1"));
  EXPECT_TRUE(lab.machines[0].attachment.asks_for_address);
  EXPECT_EQ(
      complaints_of("hosts: [a]\nnetworks: {n: {subnet: 10.0.0.0/24, dhcp: false}}\ncontainers: {c: {address: dhcp}}"),
      "lab.yaml:3:27: network n has dhcp: false");
  EXPECT_EQ(
      complaints_of(
          "hosts: {a: {switch: linux-bridge}}\nnetworks: {n: {subnet: 10.0.0.0/24}}\ncontainers: {c: {address: dhcp}}"),
      "lab.yaml:3:27: weftd answers DHCP, and c on host a has another switch");
}

TEST(Endpoints, find_their_host_and_network_or_ask) {
  EXPECT_EQ(complaints_of(two_hosts + "containers: {a: {host: hots1, network: net1}, b: {}, c: {hosts: all}}"),
            "lab.yaml:4:24: there is no host \"hots1\"; did you mean \"host1\"?\n"
            "lab.yaml:4:40: there is no network \"net1\"; did you mean \"net0\"?\n"
            "lab.yaml:4:47: which host? Expected `host: host1` or another one\n"
            "lab.yaml:4:65: hosts stands without a count; expected count or per-host too, or `host: NAME`");
  EXPECT_EQ(complaints_of("hosts: [a]\nnetworks: [n, m]\ncontainers: [c]"),
            "lab.yaml:3:14: which network? Expected `network: n` or another one");
  EXPECT_EQ(
      complaints_of("hosts: [a]\ncontainers: [c]"),
      "lab.yaml:2:14: there is no network; expected a section like \"networks: {net0: {vni: 100, group: 239.0.0.1}}\"");
}

TEST(Endpoints, have_names_that_nothing_else_in_the_lab_has) {
  EXPECT_EQ(complaints_of(two_hosts + "containers: {host1: {host: host1}, a: {host: host1}}\nvms: {a: {host: host1}}"),
            "lab.yaml:4:14: the name \"host1\" is given twice; first on line 1\n"
            "lab.yaml:5:7: the name \"a\" is given twice; first on line 4");
}

TEST(Endpoints, are_bounded) {
  const std::string large = "hosts: [a]\nnetworks: {n: {subnet: 10.0.0.0/8}}\n";
  EXPECT_EQ(must_read(large + fmt::format("containers: {{c: {{count: {}}}}}", endpoints_max)).containers.size(),
            endpoints_max);
  EXPECT_EQ(complaints_of(large + fmt::format("containers: {{c: {{count: {}}}, d: {{}}}}", endpoints_max)),
            "lab.yaml:3:33: more than 10000 containers and virtual machines");
  EXPECT_EQ(complaints_of(
                "hosts: {a: {count: 250}}\nnetworks: {n: {vni: 1, remotes: all}}\ncontainers: {c: {per-host: 10000}}"),
            "lab.yaml:3:14: more than 10000 containers and virtual machines");
}

}  // namespace
}  // namespace weft::topology
