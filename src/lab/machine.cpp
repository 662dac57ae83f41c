#include "lab/machine.hpp"

#include <fmt/format.h>

#include "base/xml_text.hpp"
#include "hosts/place.hpp"

namespace weft::lab {
namespace {

std::uint64_t hash(std::string_view text, std::uint64_t state) {
  for (const char letter : text) state = (state ^ static_cast<unsigned char>(letter)) * 0x100000001b3;  // FNV-1a
  return state;
}

// In options of qemu, a comma within a value is written twice.
std::string in_option(std::string_view text) {
  std::string result;
  for (const char letter : text) result += letter == ',' ? std::string(",,") : std::string(1, letter);
  return result;
}

std::string disks_xml(const Machine& machine) {
  std::string xml = fmt::format(R"(
    <disk type="file" device="disk">
      <driver name="qemu" type="qcow2"/>
      <source file="{}"/>
      <target dev="vda" bus="virtio"/>
    </disk>)",
                                escape_xml(machine.disk_path()));
  if (machine.has_seed) {
    xml += fmt::format(R"(
    <disk type="file" device="cdrom">
      <driver name="qemu" type="raw"/>
      <source file="{}"/>
      <target dev="sda" bus="sata"/>
      <readonly/>
    </disk>)",
                       escape_xml(machine.seed_path()));
  }
  return xml;
}

std::string boot_xml(const Machine& machine) {
  if (!machine.image.empty()) return {};
  return fmt::format(R"(
    <kernel>{0}/vmlinuz</kernel>
    <initrd>{0}/initrd</initrd>
    <cmdline>{1}</cmdline>)",
                     guest_directory(), escape_xml(machine.kernel_words));
}

}  // namespace

std::string stable_uuid(std::string_view text) {
  const auto high = hash(text, 0xcbf29ce484222325), low = hash(text, high);
  // Version 8, of our own making: RFC 9562 section 5.8.
  return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU, high & 0xfffU,
                     0x8000U | (low >> 48U & 0x3fffU), low & 0xffffffffffffU);
}

std::string guest_directory() { return cache_directory() + "/guest"; }
std::string image_directory() { return cache_directory() + "/images"; }

std::string qemu_line(const Machine& machine) {
  const auto option = [](std::string_view name, const std::string& value) {
    return fmt::format(" {} {}", name, hosts::quote(value));
  };
  std::string line =
      "qemu-system-x86_64" + option("-name", machine.name) + option("-uuid", machine.uuid) +
      option("-accel", machine.has_kvm ? "kvm" : "tcg") + option("-cpu", "max") +
      option("-m", std::to_string(machine.memory_mib)) + option("-smp", std::to_string(machine.vcpus)) +
      " -nodefaults -display none" +
      option("-smbios", fmt::format("type=1,manufacturer={},product={}", firmware_vendor, firmware_product));
  if (machine.image.empty()) {
    line += option("-kernel", fmt::format("{}/vmlinuz", guest_directory())) +
            option("-initrd", fmt::format("{}/initrd", guest_directory())) + option("-append", machine.kernel_words);
  } else {
    line += option("-drive", fmt::format("file={},format=qcow2,if=virtio", in_option(machine.disk_path())));
  }
  if (machine.has_seed)
    line += option("-drive", fmt::format("file={},format=raw,media=cdrom", in_option(machine.seed_path())));
  return line + option("-netdev", fmt::format("tap,id=net0,ifname={},script=no,downscript=no", machine.port)) +
         option("-device",
                fmt::format("virtio-net-pci,netdev=net0,mac={},host_mtu={},romfile=", machine.mac, machine.mtu_bytes)) +
         option("-chardev", fmt::format("socket,id=console,path={},server=on,wait=off,logfile={},logappend=on",
                                        in_option(machine.socket_path()), in_option(machine.log_path()))) +
         " -serial chardev:console" +
         option("-qmp", fmt::format("unix:{},server=on,wait=off", in_option(machine.directory + "/qmp"))) +
         option("-pidfile", machine.pid_path()) + " -daemonize";
}

std::string domain_xml(const Machine& machine) {
  const auto vlan =
      machine.has_ovsdb && machine.vlan != 0 ? fmt::format("\n      <vlan><tag id=\"{}\"/></vlan>", machine.vlan) : "";
  return fmt::format(
      R"(<domain type="{kind}">
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit="MiB">{memory}</memory>
  <vcpu>{vcpus}</vcpu>
  <sysinfo type="smbios">
    <system>
      <entry name="manufacturer">{vendor}</entry>
      <entry name="product">{product}</entry>
    </system>
  </sysinfo>
  <os>
    <type>hvm</type>{boot}
    <smbios mode="sysinfo"/>
  </os>
  <features><acpi/></features>
  <cpu mode="maximum"/>
  <devices>{disks}
    <interface type="bridge">
      <source bridge="{bridge}"/>{virtualport}{vlan}
      <target dev="{port}"/>
      <mac address="{mac}"/>
      <mtu size="{mtu}"/>
      <model type="virtio"/>
      <rom enabled="no"/>
    </interface>
    <serial type="unix">
      <source mode="bind" path="{socket}"/>
      <log file="{log}" append="on"/>
    </serial>
    <memballoon model="none"/>
  </devices>
</domain>
)",
      fmt::arg("kind", machine.has_kvm ? "kvm" : "qemu"), fmt::arg("name", machine.name),
      fmt::arg("uuid", machine.uuid), fmt::arg("memory", machine.memory_mib), fmt::arg("vcpus", machine.vcpus),
      fmt::arg("vendor", firmware_vendor), fmt::arg("product", firmware_product), fmt::arg("boot", boot_xml(machine)),
      fmt::arg("disks", machine.image.empty() ? "" : disks_xml(machine)), fmt::arg("bridge", machine.bridge),
      fmt::arg("virtualport", machine.has_ovsdb ? "\n      <virtualport type=\"openvswitch\"/>" : ""),
      fmt::arg("vlan", vlan), fmt::arg("port", machine.port), fmt::arg("mac", machine.mac),
      fmt::arg("mtu", machine.mtu_bytes), fmt::arg("socket", escape_xml(machine.socket_path())),
      fmt::arg("log", escape_xml(machine.log_path())));
}

}  // namespace weft::lab
