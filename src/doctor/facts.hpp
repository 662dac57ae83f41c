// What was found on this host: plain values, so that every judgement can be tested with recorded ones.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wire/ip_address.hpp"

namespace weft::doctor {

// What the host is to do.
struct Question {
  std::string device = {};  // Of the underlay. Empty: where the route to the group, or the default one, leads.
  std::optional<IpAddress> group = {};         // None: no multicast is wanted.
  std::uint16_t udp_port = 4789;               // Of the tunnels.
  bool wants_underlay = true;                  // False: all hosts of the lab are simulated.
  bool wants_machines = false;                 // Virtual machines,
  bool wants_images = false;                   // containers of images,
  bool wants_ssh = false;                      // and real hosts: then what they need is no mere warning.
  std::vector<std::string> remote_hosts = {};  // As ssh(1) takes them.
};

// A kernel's ability that may come as a module.
enum class Module : std::uint8_t {
  present,      // Loaded or built in.
  loadable,     // The kernel loads it by itself when it is needed.
  absent,       // The kernel takes modules, but this one is not installed.
  unsupported,  // The kernel takes no modules.
};

// Something that was tried out in a namespace of its own.
struct Trial {
  std::string error = {};           // Empty: it works, or was left out because it would load a module.
  Module module = Module::present;  // Of the one that it needs, where it needs one.
};

struct KernelFacts {
  std::string release = {};                  // As uname(2) has it.
  bool is_root = false;                      // Effective user 0.
  std::uint64_t capabilities = 0;            // Effective, a bit each (capabilities(7)).
  std::optional<int> bpf_jit = {};           // /proc/sys/net/core/bpf_jit_enable. None: it cannot be read.
  std::map<std::string, Trial> trials = {};  // By name, as in judge_trials.cpp; empty: nothing could be tried.
};

struct UnderlayFacts {
  std::string device = {};  // Empty: none was found.
  bool exists = false;
  bool is_up = false;
  bool has_multicast = false;  // IFF_MULTICAST.
  std::uint32_t mtu_bytes = 0;
  std::vector<IpAddress> addresses = {};
  std::string group_device = {};      // Where the route to the group leads; empty: none.
  bool has_group_source = false;      // And an address to send from.
  std::optional<int> rp_filter = {};  // The stricter of "all" and the device's (ip-sysctl).
};

// A vxlan device that is there already.
struct VxlanFacts {
  std::string device = {};
  std::uint32_t vni = 0;
  std::uint16_t udp_port = 0;
  bool is_up = false;
  bool is_external = false;
};

struct ProcessFacts {
  int id = 0;
  std::string name = {};
};

struct SwitchFacts {
  std::string socket = {};                              // The database's, where weftd would serve it.
  std::optional<ProcessFacts> server = {};              // Who serves it; id 0: one that cannot be seen from here.
  std::optional<ProcessFacts> vswitchd = {};            // An ovs-vswitchd in this network namespace.
  std::vector<std::string> kernel_datapath_ports = {};  // Devices in the Open vSwitch module's datapath.
  std::vector<VxlanFacts> vxlans = {};
  std::string udp_holder = {};  // Another process that has the tunnels' UDP port. Empty: none.
};

struct FirewallFacts {
  std::optional<std::string> nft = {};       // What "nft -j list ruleset" printed. None: not installed, or refused.
  std::optional<std::string> iptables = {};  // What iptables-save printed, and ip6tables-save.
  std::optional<std::string> ip6tables = {};
  std::optional<int> bridge_calls_iptables = {};  // net.bridge.bridge-nf-call-iptables. None: no br_netfilter.
};

struct GuestFacts {
  bool has_kvm_device = false;
  std::string kvm_error = {};       // Of making a virtual machine with it. Empty: that works.
  bool has_virtualization = false;  // The processor's flags say vmx or svm.
  bool is_guest = false;            // And that this is a virtual machine itself.
  std::string qemu = {}, virsh = {}, podman = {}, ssh = {}, ip = {};  // Paths; empty: not in PATH.
  bool is_libvirt_reachable = false;
};

struct DiskFacts {
  std::string directory = {};  // One that is there: of the one wanted, the first parent that exists.
  std::string purpose = {};    // "the database"
  std::uint64_t free_bytes = 0;
  bool is_writable = false;
};

struct ResourceFacts {
  std::uint64_t open_files_max = 0;
  std::vector<DiskFacts> disks = {};
  std::int64_t time_s = 0;             // Since 1970.
  bool is_clock_synchronized = false;  // As adjtimex(2) has it.
};

struct Facts {
  KernelFacts kernel = {};
  UnderlayFacts underlay = {};
  FirewallFacts firewall = {};
  SwitchFacts other_switch = {};
  GuestFacts guests = {};
  ResourceFacts resources = {};
};

}  // namespace weft::doctor
