// A virtual machine in the words of its hypervisors. Pure.
#pragma once

#include <string>

#include "lab/command.hpp"
#include "lab/hypervisor.hpp"
#include "lab/objects.hpp"

namespace weft::lab {

// What both are told.
struct Machine {
  std::string name = {};  // The hypervisor's name of it; unique on a real host, too.
  std::string uuid = {};
  std::string directory = {};  // Of its files, on its host.
  bool has_kvm = false;
  std::uint32_t memory_mib = 0, vcpus = 1;
  std::string image = {};  // A file on its host; it boots from a disk that differs from it by what the guest writes.
  std::string kernel_words = {};  // Without an image: the small guest's command line.
  bool has_seed = false;          // A disk for cloud-init, seed_path().
  std::string port = {}, mac = {}, bridge = {};
  std::uint32_t mtu_bytes = 0;
  std::uint16_t vlan = 0;
  bool has_ovsdb = true;

  std::string disk_path() const { return directory + "/disk.qcow2"; }
  std::string seed_path() const { return directory + "/seed.iso"; }
  std::string socket_path() const { return directory + "/console"; }
  std::string log_path() const { return directory + "/console.log"; }
  std::string pid_path() const { return directory + "/qemu.pid"; }
  std::string domain_path() const { return directory + "/domain.xml"; }
};

// Always the same of the same machine of a lab.
std::string stable_uuid(std::string_view text);

std::string guest_directory();  // Of the small guest's files.
std::string image_directory();  // Of downloads.

std::string qemu_line(const Machine& machine);
std::string domain_xml(const Machine& machine);

// What a cloud calls such a machine in its firmware: cloud-init looks for metadata where it finds this.
inline constexpr std::string_view firmware_vendor = "OpenStack Foundation";
inline constexpr std::string_view firmware_product = "OpenStack Nova";

}  // namespace weft::lab
