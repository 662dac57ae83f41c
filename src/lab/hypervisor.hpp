// What a host runs virtual machines with.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

// "qemu" in the environment: libvirt is not used where it is there.
inline constexpr const char* hypervisor_variable = "WEFT_HYPERVISOR";

// Of what is fetched, made or found out once and serves all labs: WEFT_CACHE_DIR, else /var/cache/weft.
std::string cache_directory();

struct Hypervisor {
  bool has_libvirt = false;  // Else plain qemu.
  bool has_kvm = false;      // A guest runs with it. Else it is emulated.
  bool operator==(const Hypervisor&) const = default;
};
using Hypervisors = std::map<std::string, Hypervisor>;  // By host.

// Prints what there is, and fails where no machine can run. `is_simulated`: libvirt would be started, else it must run.
std::string hypervisor_script(bool is_simulated);
Hypervisor read_hypervisor(std::string_view printed);

// Looks on the hosts that are to have machines, before they are planned. Nothing is changed but a note in
// cache_directory(), which spares the next look of this boot the trial of KVM.
Result<Hypervisors> find_hypervisors(const topology::Topology& lab);

}  // namespace weft::lab
