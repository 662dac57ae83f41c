#include "topology/read_lab.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "topology/first_lab.hpp"
#include "topology/lab_text.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

TEST(ReadLab, reads_the_tutorials_lab_as_the_tutorial_builds_it) {
  const auto lab = read_file(EXAMPLES_DIRECTORY "/two-hosts.yaml");
  ASSERT_TRUE(lab) << lab.error().details;
  EXPECT_EQ(lab->name, "two-hosts");
  ASSERT_EQ(lab->hosts.size(), 2U);
  EXPECT_EQ(lab->hosts[0].name, "host1");
  EXPECT_TRUE(lab->hosts[0].is_simulated());
  EXPECT_EQ(lab->hosts[1].underlay, std::vector{*InterfaceAddress::parse("172.31.99.2/24")});
  EXPECT_EQ(lab->links, (std::vector<Link>{{{{"host1", "eth0"}, {"host2", "eth0"}}, 1500}}));
  ASSERT_EQ(lab->networks.size(), 1U);
  const auto& network = lab->networks[0];
  EXPECT_EQ(network.bridge, "lu-br0");
  const Tunnel tunnel{Tunnel::Kind::device, "vxlan0", 100, 4789, IpAddress::parse("239.0.0.1"), false};
  EXPECT_EQ(network.tunnel, tunnel);
  EXPECT_EQ(network.mtu_bytes, 1450U);
  ASSERT_EQ(lab->containers.size(), 2U);
  EXPECT_EQ(lab->containers[1].host, "host2");
  EXPECT_EQ(lab->containers[1].attachment.address4, IpAddress::parse("192.168.100.12"));
  EXPECT_EQ(lab->containers[1].attachment.port, "veth0");
  EXPECT_TRUE(lab->machines.empty());
}

TEST(ReadLab, reads_every_example) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(EXAMPLES_DIRECTORY)) {
    if (entry.path().extension() != ".yaml") continue;
    const auto lab = read_file(entry.path());
    ASSERT_TRUE(lab) << lab.error().details;
    EXPECT_EQ(lab->name, entry.path().stem());
    ++count;
  }
  EXPECT_GE(count, 7U);
}

TEST(ReadLab, reads_a_lab_with_every_key) {
  const auto lab = read_file(CORPUS_FILE);
  ASSERT_TRUE(lab) << lab.error().details;
  EXPECT_EQ(lab->containers.size(), 11U);
}

TEST(ReadLab, reads_the_lab_that_a_newcomer_starts_with) {
  const auto lab = must_read(std::string(first_lab()));
  EXPECT_EQ(lab.name, "two-hosts");
  std::ifstream example(EXAMPLES_DIRECTORY "/two-hosts.yaml");
  EXPECT_TRUE(std::equal(first_lab().begin(), first_lab().end(), std::istreambuf_iterator<char>(example), {}));
}

TEST(ReadLab, names_the_lab_after_its_file) {
  EXPECT_EQ(read_text("hosts: [a]", "labs/small.yaml", no_file)->name, "small");
  EXPECT_EQ(read_text("hosts: [a]", "My Lab.yaml", no_file).error().details,
            "My Lab.yaml:1:1: the lab has no name, and the file's would not do; expected `name: my-lab`");
}

TEST(ReadLab, tells_a_misspelt_key_with_its_place_and_what_was_meant) {
  EXPECT_EQ(complaints_of("hosts: [host1, host2]\nnetworks:\n  net0:\n    grup: 239.0.0.1\n"),
            "lab.yaml:4:5: unknown key \"grup\" in a network; did you mean \"group\"?");
  EXPECT_EQ(complaints_of("hots: [host1]"),
            "lab.yaml:1:1: the lab has no hosts; expected a section like \"hosts: [one, two]\"\n"
            "lab.yaml:1:1: unknown key \"hots\" in the lab; did you mean \"hosts\"?");
}

TEST(ReadLab, tells_all_that_is_wrong_at_once_in_the_files_order) {
  EXPECT_EQ(
      complaints_of("hosts: {Host1: {mtu: big}}\nnetworks: {net0: {vni: 16777216, dhcp: yes}}\n"),
      "lab.yaml:1:9: \"Host1\" is no name for a host; expected lower case letters, digits and hyphens, 40 at most\n"
      "lab.yaml:1:22: mtu is \"big\"; expected a number from 576 to 65535\n"
      "lab.yaml:2:24: vni is \"16777216\"; expected a number from 1 to 16777215\n"
      "lab.yaml:2:40: dhcp is \"yes\"; expected true or false");
}

TEST(ReadLab, tells_wrong_types_and_empty_values) {
  EXPECT_EQ(complaints_of("[1, 2]"),
            "lab.yaml:1:1: the file is a list; expected a mapping with hosts, networks and containers");
  EXPECT_EQ(complaints_of("hosts: [a]\nnetworks: net0"),
            "lab.yaml:2:11: networks is \"net0\"; expected a mapping from names to their keys, or a list of names");
  EXPECT_EQ(complaints_of("hosts: {a: 5}"), "lab.yaml:1:12: a host is \"5\"; expected a mapping of keys");
  EXPECT_EQ(complaints_of("hosts: [a]\nlinks: [{mtu: 1500}]"), "lab.yaml:2:9: a link has no endpoints");
  EXPECT_EQ(complaints_of("hosts: [a]\nnetworks: {n: {vni: \"100\", group: }}"),
            "lab.yaml:2:21: vni is the text \"100\"; expected a number from 1 to 16777215\n"
            "lab.yaml:2:35: group is nothing; expected a multicast address: 224.0.0.0 to 239.255.255.255, or ff00::/8");
}

TEST(ReadLab, lists_no_more_complaints_than_people_read) {
  std::string text = "hosts:\n";
  for (std::size_t i = 0; i < complaints_max + 5; ++i) text += fmt::format("  host{}: {{mtu: x}}\n", i);
  const auto said = complaints_of(text);
  EXPECT_EQ(std::ranges::count(said, '\n'), complaints_max);
  EXPECT_TRUE(said.ends_with("lab.yaml: and 5 more")) << said;
}

TEST(ReadLab, repeats_no_characters_that_steer_a_terminal) {
  EXPECT_EQ(complaints_of("hosts: [a]\n\"\\e[31m\\n\": 1"),
            "lab.yaml:2:1: unknown key \"?[31m?\" in the lab; there are defaults, underlay, hosts, networks, "
            "containers, vms, links, name");
}

TEST(ReadLab, takes_what_is_common_from_defaults) {
  const auto lab = must_read(two_hosts +
                             "defaults:\n  vms: {memory: 1G, vcpus: 2}\n  hosts: {mtu: 9000}\n"
                             "vms:\n  vm1: {host: host1}\n  vm2: {host: host2, memory: 512M}\n");
  EXPECT_EQ(lab.machines[0].memory_mib, 1024U);
  EXPECT_EQ(lab.machines[1].memory_mib, 512U);
  EXPECT_EQ(lab.machines[1].vcpus, 2U);
  EXPECT_EQ(lab.networks[0].mtu_bytes, 8950U);
  EXPECT_EQ(complaints_of(two_hosts + "defaults: {link: {mtu: 9}}"),
            "lab.yaml:4:12: unknown key \"link\" in defaults; there are hosts, networks, containers, vms");
}

TEST(ReadLab, leaves_keys_for_anchors_alone) {
  const auto lab = must_read("x-common: &common {memory: 64M, vcpus: 3}\n" + two_hosts +
                             "vms:\n  vm1: {<<: *common, host: host1, vcpus: 4}\n");
  EXPECT_EQ(lab.machines[0].memory_mib, 64U);
  EXPECT_EQ(lab.machines[0].vcpus, 4U);
}

TEST(ReadLab, refuses_files_that_are_too_large_or_not_there) {
  EXPECT_EQ(complaints_of(std::string(file_bytes_max + 1, '#')), "lab.yaml: is larger than 1024 KiB");
  EXPECT_EQ(read_file("/nonexistent/lab.yaml").error().details, "/nonexistent/lab.yaml: No such file or directory");
  EXPECT_EQ(read_file("/dev").error().details, "/dev: is no file");
}

}  // namespace
}  // namespace weft::topology
