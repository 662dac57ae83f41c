#include "ovsdb/database_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/process_name.hpp"

namespace weft::ovsdb {
namespace {

std::string lock_path(const std::filesystem::path& database) {
  return database.parent_path() / fmt::format(".{}.~lock~", database.filename().native());
}

struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// The kernel tells the holder of a classic lock, as Open vSwitch takes it; a holder of our kind has left its number
// in the file. 0: unknown.
pid_t holder_of(int fd) {
  auto lock = whole_file();
  if (::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0) return lock.l_pid;
  char text[32];
  const auto size = ::pread(fd, text, sizeof text, 0);
  pid_t pid = 0;
  if (size > 0) std::from_chars(text, text + size, pid);
  return pid;
}

}  // namespace

Result<DatabaseLock> DatabaseLock::take(const std::string& database_path, const std::string& name) {
  const auto path = lock_path(database_path);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail("I/O error", fmt::format("{}: cannot open the lock file: {}", path, std::strerror(errno)));
  auto lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) < 0) {
    if (errno != EAGAIN && errno != EACCES)
      return fail("I/O error", fmt::format("{}: cannot lock: {}", path, std::strerror(errno)));
    const auto holder = holder_of(fd.get());
    return fail("locked",
                fmt::format("{}: failed to lock lockfile ({}): in use by {}; stop it first, or choose another "
                            "database file",
                            name, std::strerror(EAGAIN), holder > 0 ? describe_process(holder) : "another process"));
  }
  // For the message of the next one only: if it cannot be written, the lock holds all the same. Always as many bytes,
  // so that it replaces what an earlier holder wrote.
  const auto pid = fmt::format("{:<10}\n", ::getpid());
  [[maybe_unused]] const auto written = ::pwrite(fd.get(), pid.data(), pid.size(), 0);
  return DatabaseLock(std::move(fd));
}

}  // namespace weft::ovsdb
