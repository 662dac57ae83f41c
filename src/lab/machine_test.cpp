#include "lab/machine.hpp"

#include <gtest/gtest.h>

namespace weft::lab {
namespace {

Machine small_machine() {
  return {.name = "vm1",
          .uuid = stable_uuid("two-hosts/host1/vm1"),
          .directory = "/var/lib/weft/vm1",
          .memory_mib = 128,
          .kernel_words = "console=ttyS0 guest=vm1 dhcp",
          .port = "vm1",
          .mac = "52:54:00:00:00:01",
          .bridge = "lu-br0",
          .mtu_bytes = 1450};
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

TEST(StableUuid, is_the_same_for_the_same_text_and_another_for_another) {
  EXPECT_EQ(stable_uuid("a/b/c"), stable_uuid("a/b/c"));
  EXPECT_NE(stable_uuid("a/b/c"), stable_uuid("a/b/d"));
  EXPECT_EQ(stable_uuid("").size(), 36U);
  EXPECT_EQ(stable_uuid("x")[14], '8') << "version of one's own making";
  EXPECT_NE(std::string("89ab").find(stable_uuid("x")[19]), std::string::npos) << "the RFC's variant";
}

TEST(QemuLine, starts_the_small_guest_from_kernel_and_initrd) {
  const auto line = qemu_line(small_machine());
  EXPECT_TRUE(has(line, "-accel tcg ")) << line;
  EXPECT_TRUE(has(line,
                  "-kernel /var/cache/weft/guest/vmlinuz -initrd /var/cache/weft/guest/initrd -append 'console=ttyS0 "
                  "guest=vm1 dhcp'"));
  EXPECT_TRUE(has(line, "ifname=vm1,script=no"));
  EXPECT_TRUE(has(line, "mac=52:54:00:00:00:01,host_mtu=1450"));
  EXPECT_FALSE(has(line, "-drive"));
}

TEST(QemuLine, starts_an_image_from_its_own_disk) {
  auto machine = small_machine();
  machine.image = "/images/debian.qcow2";
  machine.has_kvm = true;
  machine.has_seed = true;
  machine.directory = "/a,b";
  const auto line = qemu_line(machine);
  EXPECT_TRUE(has(line, "-accel kvm "));
  EXPECT_TRUE(has(line, "-drive file=/a,,b/disk.qcow2,format=qcow2,if=virtio")) << line;
  EXPECT_TRUE(has(line, "-drive file=/a,,b/seed.iso,format=raw,media=cdrom"));
  EXPECT_FALSE(has(line, "-kernel"));
}

TEST(DomainXml, plugs_the_machine_into_open_vswitch_as_the_tutorial_does) {
  auto machine = small_machine();
  machine.vlan = 10;
  const auto xml = domain_xml(machine);
  EXPECT_TRUE(has(xml, "<domain type=\"qemu\">"));
  EXPECT_TRUE(has(
      xml,
      "<source bridge=\"lu-br0\"/>\n      <virtualport type=\"openvswitch\"/>\n      <vlan><tag id=\"10\"/></vlan>"))
      << xml;
  EXPECT_TRUE(has(xml, "<kernel>/var/cache/weft/guest/vmlinuz</kernel>"));
  EXPECT_FALSE(has(xml, "<disk"));
}

TEST(DomainXml, knows_a_linux_bridge_and_escapes_what_it_is_given) {
  auto machine = small_machine();
  machine.has_ovsdb = false;
  machine.vlan = 10;
  machine.has_kvm = true;
  machine.image = "/images/x.qcow2";
  machine.directory = "/a<b>&\"c\"";
  const auto xml = domain_xml(machine);
  EXPECT_TRUE(has(xml, "<domain type=\"kvm\">"));
  EXPECT_FALSE(has(xml, "virtualport"));
  EXPECT_FALSE(has(xml, "<vlan>"));
  EXPECT_TRUE(has(xml, "<source file=\"/a&lt;b&gt;&amp;&quot;c&quot;/disk.qcow2\"/>")) << xml;
}

TEST(Hypervisor, is_read_from_what_the_host_prints) {
  EXPECT_EQ(read_hypervisor("libvirt\nkvm\n"), (Hypervisor{.has_libvirt = true, .has_kvm = true}));
  EXPECT_EQ(read_hypervisor("tcg\n"), Hypervisor{});
}

}  // namespace
}  // namespace weft::lab
