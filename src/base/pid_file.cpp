#include "base/pid_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/log.hpp"

namespace weft {
namespace {

const LogModule log("daemon_unix");

std::unexpected<Error> fail_with_errno(const std::string& path, std::string_view what) {
  return fail("pid file", fmt::format("{}: {} failed ({})", path, what, std::strerror(errno)));
}

struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool try_lock(int fd) {
  auto lock = whole_file();
  return ::fcntl(fd, F_SETLK, &lock) == 0;
}

// 0: nobody. A holder whose number cannot be seen from here, in another PID namespace, is believed what it wrote.
pid_t holder_of(int fd) {
  auto lock = whole_file();
  if (::fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return 0;
  if (lock.l_pid > 0) return lock.l_pid;
  std::array<char, 16> text{};
  const auto length = ::pread(fd, text.data(), text.size(), 0);
  pid_t written = -1;
  if (length > 0) std::from_chars(text.data(), text.data() + length, written);
  return written;
}

// The file we locked still bears the name: another may have renamed or removed it while we were waiting to open it.
bool is_still(int fd, const std::string& path) {
  struct stat ours{}, named{};
  return ::fstat(fd, &ours) == 0 && ::stat(path.c_str(), &named) == 0 && ours.st_ino == named.st_ino &&
         ours.st_dev == named.st_dev;
}

// What a file is called until it names its process.
std::string draft_of(const std::string& path) { return path + ".tmp"; }

std::unexpected<Error> in_use(const std::string& path, pid_t holder) {
  return fail("in use", fmt::format("{}: already running as pid {}, aborting", path, holder));
}

Result<> check_that_nobody_holds(const std::string& path) {
  const UniqueFd existing(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!existing && errno == ENOENT) return {};
  if (!existing) {
    const auto* reason = std::strerror(errno);
    log.warning("{}: open: {}", path, reason);
    return fail("pid file", fmt::format("{}: pidfile check failed ({}), aborting", path, reason));
  }
  const auto holder = holder_of(existing.get());
  if (holder != 0) return in_use(path, holder);
  return {};
}

}  // namespace

Result<PidFile> PidFile::create(const std::string& path, bool overwrite) {
  const auto draft = draft_of(path);
  for (;;) {
    UniqueFd file(::open(draft.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file) return fail_with_errno(draft, "create");
    if (!try_lock(file.get())) return in_use(path, holder_of(file.get()));
    if (!is_still(file.get(), draft)) continue;
    if (!overwrite) {
      if (auto free = check_that_nobody_holds(path); !free) {
        ::unlink(draft.c_str());
        return std::unexpected(std::move(free).error());
      }
    }
    const auto text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 || ::pwrite(file.get(), text.data(), text.size(), 0) < 0) {
      return fail_with_errno(draft, "write");
    }
    if (std::rename(draft.c_str(), path.c_str()) != 0) return fail_with_errno(path, "rename");
    return PidFile(path, std::move(file));
  }
}

PidFile::~PidFile() {
  if (file_ && is_still(file_.get(), path_)) ::unlink(path_.c_str());
}

Result<pid_t> read_pid_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) {
    const auto* reason = std::strerror(errno);
    log.warning("{}: open: {}", path, reason);
    return fail("pid file", reason);
  }
  const auto holder = holder_of(file.get());
  if (holder == 0) return fail("pid file", std::strerror(ESRCH));
  return holder;
}

std::optional<pid_t> find_pid_file_holder(const std::string& path) {
  // In this order: a draft that has gone meanwhile has become the file.
  for (const auto& name : {draft_of(path), path}) {
    const UniqueFd file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (const auto holder = file ? holder_of(file.get()) : 0; holder != 0) return holder;
  }
  return std::nullopt;
}

}  // namespace weft
