#include "base/pid_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace weft {
namespace {

std::unexpected<Error> fail_with_errno(std::string_view what, const std::string& path) {
  return fail("pid file", fmt::format("cannot {} the pid file {}: {}", what, path, std::strerror(errno)));
}

// An open file description's lock: a child made by fork() has it too, and it goes with the last of them.
bool try_lock(int fd) {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

// The file we locked still bears the name: its last holder may have removed it while we were waiting to open it.
bool is_still(int fd, const std::string& path) {
  struct stat ours{}, named{};
  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &named) == 0 && ours.st_ino == named.st_ino &&
         ours.st_dev == named.st_dev;
}

std::string holder_of(int fd) {
  std::array<char, 16> text{};
  const auto length = ::pread(fd, text.data(), text.size(), 0);
  const std::string_view digits(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return std::string(digits.substr(0, digits.find_first_not_of("0123456789")));
}

}  // namespace

Result<PidFile> PidFile::create(const std::string& path) {
  for (;;) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file) return fail_with_errno("open", path);
    if (!try_lock(file.get())) {
      if (errno != EAGAIN && errno != EACCES) return fail_with_errno("lock", path);
      const auto holder = holder_of(file.get());
      return fail("in use", fmt::format("process {} runs already and holds {}", holder.empty() ? "?" : holder, path));
    }
    if (!is_still(file.get(), path)) continue;
    const auto text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 || ::pwrite(file.get(), text.data(), text.size(), 0) < 0) {
      return fail_with_errno("write", path);
    }
    return PidFile(path, std::move(file));
  }
}

PidFile::~PidFile() {
  if (file_) ::unlink(path_.c_str());
}

}  // namespace weft
