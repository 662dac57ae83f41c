#include "topology/side_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/unique_fd.hpp"

namespace weft::topology {

Result<std::string> read_bounded(const std::string& path, std::size_t bytes_max) {
  const auto failed = [&] { return fail("lab file", fmt::format("{}: {}", path, std::strerror(errno))); };
  // O_NONBLOCK: a pipe that nobody writes to must not hold us.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status = {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return failed();
  if (!S_ISREG(status.st_mode)) return fail("lab file", fmt::format("{}: is no file", path));
  std::string text(bytes_max + 1, '\0');
  std::size_t count = 0;
  while (count < text.size()) {
    const auto got = ::read(file.get(), text.data() + count, text.size() - count);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed();
    if (got == 0) break;
    count += static_cast<std::size_t>(got);
  }
  if (count > bytes_max) return fail("lab file", fmt::format("{}: is larger than {} KiB", path, bytes_max / 1024));
  text.resize(count);
  return text;
}

std::string resolve_path(const std::string& lab_file, const std::string& path) {
  if (path.starts_with("~/")) {
    if (const char* home = std::getenv("HOME")) return std::string(home) + path.substr(1);
  }
  return (std::filesystem::path(lab_file).parent_path() / path).lexically_normal().string();
}

}  // namespace weft::topology
