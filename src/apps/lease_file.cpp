#include "apps/lease_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "services/lease_text.hpp"

namespace weft {
namespace {

const LogModule log("services");

constexpr mode_t file_mode = 0640;
constexpr std::size_t piece_bytes = 65536;

std::unexpected<Error> io_failure(const std::string& path, std::string_view what) {
  return fail("I/O error", fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

// Not blocking, and no device: it may be anything.
Result<std::string> read_whole(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return errno == ENOENT ? Result<std::string>("") : io_failure(path, "cannot open");
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return fail("I/O error", path + ": not a file");
  std::string text;
  while (text.size() < services::longest_lease_text) {
    const auto start = text.size();
    text.resize(start + piece_bytes);
    const auto count = ::read(fd.get(), text.data() + start, piece_bytes);
    if (count < 0) return io_failure(path, "cannot read");
    text.resize(start + static_cast<std::size_t>(count));
    if (count == 0) break;
  }
  return text;
}

Result<> write_all(const UniqueFd& fd, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd.get(), text.data(), text.size());
    if (count < 0) return io_failure(path, "cannot write");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace

std::string lease_file_of(const std::string& database) { return database + ".leases"; }

services::LeaseBook read_lease_file(const std::string& path) {
  const auto text = read_whole(path);
  if (!text) {
    log.warning("{}; going on without leases", text.error().details);
    return {};
  }
  auto read = services::read_leases(*text);
  if (read.bad_lines != 0) {
    log.warning("{}: {} of its lines are no leases and are left out; {}", path, read.bad_lines, read.first_reason);
  }
  return std::move(read.leases);
}

Result<> write_lease_file(const std::string& path, const services::LeaseBook& leases) {
  if (leases.size() == 0) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return io_failure(path, "cannot delete");
    return {};
  }
  const auto temporary = path + ".new";
  const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, file_mode));
  if (!fd) return io_failure(temporary, "cannot create");
  auto written = write_all(fd, temporary, services::to_text(leases.leases()));
  if (written && ::fdatasync(fd.get()) != 0) written = io_failure(temporary, "cannot bring it to the disk");
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = io_failure(path, "cannot rename");
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace weft
