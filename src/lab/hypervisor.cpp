#include "lab/hypervisor.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/directories.hpp"
#include "hosts/shell.hpp"

namespace weft::lab {
namespace {

constexpr std::chrono::seconds look_limit{60};

// /dev/kvm alone promises nothing, nor does the making of a virtual machine: within another machine guests may not come
// far. So the firmware is run, on the processor that machines will have: it finds nothing to boot, and ends. It takes
// half a second.
constexpr std::string_view try_kvm = R"(note=$cache/kvm
boot=$(cat /proc/sys/kernel/random/boot_id)
known=; [ ! -r $note ] || read -r has known <$note
if [ "$known" != "$boot" ]; then
  has=tcg
  if [ -r /dev/kvm ] && [ -w /dev/kvm ] && timeout 4 qemu-system-x86_64 -accel kvm -cpu max -m 64 -nodefaults -display none -no-reboot -boot reboot-timeout=1 </dev/null >/dev/null 2>&1; then has=kvm; fi
  mkdir -p $cache 2>/dev/null && echo "$has $boot" 2>/dev/null >$note || true
fi
echo "$has"
)";

}  // namespace

std::string cache_directory() {
  const auto* given = std::getenv("WEFT_CACHE_DIR");
  return given != nullptr && *given != '\0' ? absolute_path(given) : "/var/cache/weft";
}

std::string hypervisor_script(bool is_simulated) {
  std::string script =
      "command -v qemu-system-x86_64 >/dev/null || { echo 'qemu-system-x86_64 is not installed: apt-get install "
      "qemu-system-x86 qemu-utils' >&2; exit 1; }\n";
  const auto* wanted = std::getenv(hypervisor_variable);
  if (wanted == nullptr || std::string_view(wanted) != "qemu") {
    script += is_simulated ? "if command -v libvirtd >/dev/null && command -v virsh >/dev/null; then echo libvirt; fi\n"
                           : "if virsh -q list >/dev/null 2>&1; then echo libvirt; fi\n";
  }
  return fmt::format("{}cache={}\n{}", script, hosts::quote(cache_directory()), try_kvm);
}

Hypervisor read_hypervisor(std::string_view printed) {
  return {.has_libvirt = printed.find("libvirt\n") != std::string_view::npos,
          .has_kvm = printed.find("kvm\n") != std::string_view::npos};
}

Result<Hypervisors> find_hypervisors(const topology::Topology& lab) {
  Hypervisors found;
  for (const auto& machine : lab.machines) {
    if (found.contains(machine.host)) continue;
    const auto host = std::ranges::find(lab.hosts, machine.host, &topology::Host::name);
    if (host == lab.hosts.end()) continue;
    // Simulated hosts have this machine's programs and devices.
    auto shell = TRY(hosts::Shell::open({.name = host->name, .ssh = host->ssh}));
    found[machine.host] = read_hypervisor(TRY(shell.require(hypervisor_script(host->is_simulated()), look_limit)));
  }
  return found;
}

}  // namespace weft::lab
