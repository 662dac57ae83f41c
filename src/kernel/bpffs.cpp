#include "kernel/bpffs.hpp"

#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/statfs.h>

#include <cerrno>
#include <filesystem>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

bool is_bpffs(const std::string& directory) {
  struct statfs info{};
  return ::statfs(directory.c_str(), &info) == 0 && info.f_type == BPF_FS_MAGIC;
}

}  // namespace

Result<> mount_bpffs(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail_with_errno(error.value(), "cannot make the directory " + directory);
  if (is_bpffs(directory)) return {};
  if (::mount("bpf", directory.c_str(), "bpf", 0, "mode=0700") != 0) {
    return fail_with_errno(errno, "cannot mount a BPF file system at " + directory);
  }
  // Namespaces made later get no copy that would keep it busy.
  if (::mount(nullptr, directory.c_str(), nullptr, MS_PRIVATE, nullptr) != 0) {
    return fail_with_errno(errno, "cannot make the mount at " + directory + " private");
  }
  return {};
}

Result<> unmount_bpffs(const std::string& directory) {
  if (is_bpffs(directory) && ::umount2(directory.c_str(), MNT_DETACH) != 0) {
    return fail_with_errno(errno, "cannot unmount " + directory);
  }
  std::error_code ignored;  // A directory that is left behind harms nobody.
  std::filesystem::remove(directory, ignored);
  return {};
}

}  // namespace weft::kernel
