#include "ovsdb/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace weft::ovsdb {
namespace {

constexpr int max_links = 40;  // Of symbolic links to each other, as the kernel follows (path_resolution(7)).

std::unexpected<Error> io_failure(const std::string& path, std::string_view what) {
  return fail("I/O error", fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

// A rename is on the disk only when the directory is.
Result<> sync_directory_of(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path().native();
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) < 0) return io_failure(directory, "cannot bring the directory to the disk");
  return {};
}

// weakly_canonical() takes a link for a file where nothing is at its end yet.
Result<std::filesystem::path> follow_links(std::filesystem::path path) {
  const auto start = path.native();
  for (int links = 0; links <= max_links; ++links) {
    std::error_code error;
    if (!std::filesystem::is_symlink(path, error)) return path;
    const auto target = std::filesystem::read_symlink(path, error);
    if (error) return fail("I/O error", fmt::format("{}: {}", path.native(), error.message()));
    path = path.parent_path() / target;
  }
  return fail("I/O error", fmt::format("{}: {}", start, std::strerror(ELOOP)));
}

mode_t mode_for(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : new_file_mode;
}

}  // namespace

Result<std::string> resolve_path(const std::string& path) {
  std::error_code error;
  const auto target = TRY(follow_links(std::filesystem::absolute(path)));
  const auto resolved = std::filesystem::weakly_canonical(target, error);
  if (error) return fail("I/O error", fmt::format("{}: {}", path, error.message()));
  return resolved.native();
}

Result<LogWriter> write_whole_file(const std::string& path, std::span<const std::string> records,
                                   std::string_view magic) {
  const auto temporary = path + ".new";
  ::unlink(temporary.c_str());  // Of a crash; nobody else has the lock.
  UniqueFd fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return io_failure(temporary, "cannot create");
  const auto give_up = [&](Error error) -> std::unexpected<Error> {
    ::unlink(temporary.c_str());
    return std::unexpected(std::move(error));
  };
  if (::fchmod(fd.get(), mode_for(path)) < 0) return give_up(io_failure(temporary, "cannot set the mode").error());
  LogWriter writer(std::move(fd), 0, magic);
  for (const auto& record : records)
    if (auto appended = writer.append(record, false); !appended)
      return give_up({appended.error().tag, temporary + ": " + appended.error().details});
  if (auto synced = writer.sync(); !synced)
    return give_up({synced.error().tag, temporary + ": " + synced.error().details});
  if (::rename(temporary.c_str(), path.c_str()) < 0) return give_up(io_failure(path, "cannot rename").error());
  TRY(sync_directory_of(path));
  return writer;
}

}  // namespace weft::ovsdb
