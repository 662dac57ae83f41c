// Programs, KVM, disks, limits, the clock.
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "base/directories.hpp"
#include "base/unique_fd.hpp"
#include "doctor/collect.hpp"
#include "doctor/host_files.hpp"

namespace weft::doctor {
namespace {

constexpr const char* labs_directory = "/var/lib/weft/labs";

// Makes a virtual machine with one processor, which never runs.
std::string try_kvm() {
  const UniqueFd kvm(::open("/dev/kvm", O_RDWR | O_CLOEXEC));
  if (!kvm) return std::strerror(errno);
  const UniqueFd machine(::ioctl(kvm.get(), KVM_CREATE_VM, 0));
  if (!machine) return std::strerror(errno);
  const UniqueFd processor(::ioctl(machine.get(), KVM_CREATE_VCPU, 0));
  return processor ? std::string() : std::strerror(errno);
}

DiskFacts look_at(const std::string& directory, const std::string& purpose) {
  std::error_code error;
  std::filesystem::path place(directory);
  while (!std::filesystem::exists(place, error) && place.has_relative_path()) place = place.parent_path();
  DiskFacts facts{.directory = place.string(), .purpose = purpose};
  struct statvfs info{};
  if (::statvfs(place.c_str(), &info) == 0) facts.free_bytes = std::uint64_t{info.f_bavail} * info.f_frsize;
  facts.is_writable = ::faccessat(AT_FDCWD, place.c_str(), W_OK, AT_EACCESS) == 0;
  return facts;
}

}  // namespace

GuestFacts collect_guests() {
  GuestFacts facts;
  std::error_code error;
  facts.has_kvm_device = std::filesystem::exists("/dev/kvm", error);
  if (facts.has_kvm_device) facts.kvm_error = try_kvm();
  const auto processor = read_text("/proc/cpuinfo").value_or("");
  facts.has_virtualization = processor.contains(" vmx") || processor.contains(" svm");
  facts.is_guest = processor.contains(" hypervisor");
  facts.qemu = find_program("qemu-system-x86_64");
  facts.virsh = find_program("virsh");
  facts.podman = find_program("podman");
  facts.ssh = find_program("ssh");
  facts.ip = find_program("ip");
  for (const auto* socket : {"/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"}) {
    facts.is_libvirt_reachable = facts.is_libvirt_reachable || find_server(socket).has_value();
  }
  return facts;
}

ResourceFacts collect_resources() {
  ResourceFacts facts;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.open_files_max = limit.rlim_cur;
  facts.disks = {look_at(database_directory(), "the database"), look_at(run_directory(), "sockets and the log"),
                 look_at(labs_directory, "labs")};
  facts.time_s = std::time(nullptr);
  timex clock{};
  facts.is_clock_synchronized = ::adjtimex(&clock) != TIME_ERROR;
  return facts;
}

}  // namespace weft::doctor
