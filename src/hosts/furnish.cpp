// The inside of a simulated host: mounts, name, loopback device.
#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"
#include "hosts/host_init.hpp"

namespace weft::hosts {
namespace {

namespace fs = std::filesystem;

// Each host has its own; those that the machine lacks, the host does not need. Podman's images are not among them: the
// containers of a lab start from the machine's.
constexpr std::array private_folders{
    "/etc/openvswitch", "/var/lib/openvswitch", "/var/log/openvswitch", "/etc/libvirt", "/var/lib/libvirt",
    "/var/log/libvirt", "/var/cache/libvirt",   "/etc/cni/net.d",       "/var/lib/cni",
};
constexpr std::array run_folders{"netns", "openvswitch", "libvirt", "lock"};

// libvirt in a host that has no cgroups, no users beside root and no log daemon.
constexpr std::string_view qemu_conf = R"(user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
remember_owner = 0
)";

Result<> mount_on(const char* source, const std::string& target, const char* type, unsigned long flags,
                  const char* options) {
  if (::mount(source, target.c_str(), type, flags, options) == 0) return {};
  return fail_with_errno(fmt::format("cannot mount {} on {}", type != nullptr ? type : source, target));
}

Result<> make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail_with_errno("cannot make the folder " + path.string(), error.value());
  return {};
}

Result<> make_private(const std::string& directory, const std::string& path) {
  const auto own = directory + "/private" + path;
  TRY(make_folder(own));
  if (path == "/etc/libvirt") std::ofstream(own + "/qemu.conf") << qemu_conf;
  return mount_on(own.c_str(), path, nullptr, MS_BIND, nullptr);
}

// The machine's control groups go with the /sys below which they are: libvirt must not try them.
Result<> mount_kernel_views() {
  TRY(mount_on("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  ::umount2("/sys", MNT_DETACH);  // Fine where it is not mounted.
  return mount_on("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
}

Result<> mount_run() {
  TRY(mount_on("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"));
  for (const auto* folder : run_folders) TRY(make_folder(fs::path("/run") / folder));
  // Where /var/run is no link to /run, as it is on most.
  std::error_code ignored;
  if (!fs::equivalent("/var/run", "/run", ignored) && fs::is_directory("/var/run", ignored)) {
    TRY(mount_on("/run", "/var/run", nullptr, MS_BIND, nullptr));
  }
  return {};
}

Result<> raise_loopback() {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  struct ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP;
  if (!socket || ::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) return fail_with_errno("cannot set lo up");
  return {};
}

}  // namespace

Result<> furnish(const std::string& directory, const std::string& name) {
  // What the machine mounts or unmounts later shows here too; nothing of ours shows there.
  TRY(mount_on("none", "/", nullptr, MS_REC | MS_SLAVE, nullptr));
  TRY(mount_kernel_views());
  TRY(mount_run());
  for (const auto* path : private_folders) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) TRY(make_private(directory, path));
  }
  if (::sethostname(name.data(), name.size()) != 0) return fail_with_errno("cannot set the hostname " + name);
  return raise_loopback();
}

}  // namespace weft::hosts
