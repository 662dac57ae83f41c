#include <gtest/gtest.h>

#include "topology/lab_text.hpp"
#include "topology/limits.hpp"
#include "topology/value_kinds.hpp"

namespace weft::topology {
namespace {

const std::string one_host = "hosts: [a]\nnetworks: [n]\n";

TEST(Programs, reads_what_a_container_runs) {
  const auto lab = must_read(one_host +
                             "containers:\n  c: {image: alpine, command: [ping, -c1, x], environment: {A: 1, B: two}}\n"
                             "  d: {rootfs: roots/d, command: sleep 1 && true, environment: [A=b=c, D=]}\n");
  EXPECT_EQ(lab.containers[0].command, (std::vector<std::string>{"ping", "-c1", "x"}));
  EXPECT_EQ(lab.containers[0].environment, (std::map<std::string, std::string>{{"A", "1"}, {"B", "two"}}));
  EXPECT_EQ(lab.containers[1].rootfs, "roots/d");
  EXPECT_EQ(lab.containers[1].command, (std::vector<std::string>{"/bin/sh", "-c", "sleep 1 && true"}));
  EXPECT_EQ(lab.containers[1].environment, (std::map<std::string, std::string>{{"A", "b=c"}, {"D", ""}}));
}

TEST(Programs, refuses_commands_where_nothing_runs) {
  EXPECT_EQ(
      complaints_of(one_host +
                    "containers: {c: {command: [x]}, d: {image: a, rootfs: b}, e: {image: a, environment: {1: 2}}}"),
      "lab.yaml:3:87: environment is \"1\"; expected the name of a variable");
  EXPECT_EQ(complaints_of(one_host + "containers: {c: {command: [x]}, d: {image: a, rootfs: b}}"),
            "lab.yaml:3:27: command stands without image or rootfs: nothing runs in a bare namespace\n"
            "lab.yaml:3:55: a container has an image or a rootfs, not both");
}

TEST(Programs, wants_the_checksum_of_an_image_from_a_url) {
  EXPECT_EQ(
      complaints_of(one_host + "vms: {v: {image: https://example.org/a.qcow2}}"),
      "lab.yaml:3:18: an image from a URL needs its checksum; expected sha256 too, as its site or sha256sum(1) has it");
  const auto lab =
      must_read(one_host + "vms: {v: {image: https://example.org/a.qcow2, sha256: " + std::string(64, 'a') + "}}");
  EXPECT_EQ(lab.machines[0].image, "https://example.org/a.qcow2");
  EXPECT_EQ(lab.machines[0].sha256.size(), 64U);
}

TEST(Programs, reads_the_files_that_a_machine_names) {
  const auto reader = [](const std::string& path) -> Result<std::string> {
    if (path == "labs/keys/id.pub") return std::string("ssh-ed25519 AAAA me\n");
    if (path == "labs/init.yaml") return std::string("#cloud-config\n");
    return fail("lab file", path + ": No such file or directory");
  };
  const auto text =
      one_host + "vms: {v: {ssh-keys: [keys/id.pub, ssh-rsa BBBB you], user-data-file: init.yaml, image: d.qcow2}}";
  const auto lab = read_text(text, "labs/x.yaml", reader);
  ASSERT_TRUE(lab) << lab.error().details;
  EXPECT_EQ(lab->machines[0].ssh_keys, (std::vector<std::string>{"ssh-ed25519 AAAA me", "ssh-rsa BBBB you"}));
  EXPECT_EQ(lab->machines[0].user_data, "#cloud-config\n");
  EXPECT_EQ(lab->machines[0].image, "labs/d.qcow2");
  EXPECT_EQ(complaints_of(one_host + "vms: {v: {user-data-file: none.yaml}}"),
            "lab.yaml:3:27: none.yaml: No such file or directory");
  EXPECT_EQ(complaints_of(one_host + "vms: {v: {user-data: a, user-data-file: none.yaml}}"),
            "lab.yaml:3:41: a virtual machine has user-data or user-data-file, not both");
}

TEST(Programs, bounds_user_data) {
  const auto text = [](std::size_t count) {
    return one_host + "vms: {v: {user-data: " + std::string(count, 'x') + "}}";
  };
  must_read(text(side_file_bytes_max));
  EXPECT_EQ(complaints_of(text(side_file_bytes_max + 1)), "lab.yaml:3:22: user-data is larger than 64 KiB");
}

TEST(Programs, reads_memory_as_people_write_it) {
  EXPECT_EQ(parse_memory_mib("256M"), 256U);
  EXPECT_EQ(parse_memory_mib("1G"), 1024U);
  EXPECT_EQ(parse_memory_mib("2 GiB"), 2048U);
  EXPECT_EQ(parse_memory_mib("512"), 512U);
  for (const auto* wrong : {"", "M", "1K", "16M", "2000G", "1.5G", "-1G", "99999999999M", "4194305G"}) {
    EXPECT_FALSE(parse_memory_mib(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace weft::topology
