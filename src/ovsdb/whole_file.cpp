#include "ovsdb/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace weft::ovsdb {
namespace {

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

mode_t mode_for(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : new_file_mode;
}

}  // namespace

Result<std::string> resolve_path(const std::string& path) {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
  if (error) return fail("I/O error", fmt::format("{}: {}", path, error.message()));
  return resolved.native();
}

Result<LogWriter> write_whole_file(const std::string& path, std::span<const std::string> records) {
  const auto temporary = path + ".new";
  ::unlink(temporary.c_str());  // Of a crash; nobody else has the lock.
  UniqueFd fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return io_failure(temporary, "cannot create");
  const auto give_up = [&](Error error) -> std::unexpected<Error> {
    ::unlink(temporary.c_str());
    return std::unexpected(std::move(error));
  };
  if (::fchmod(fd.get(), mode_for(path)) < 0) return give_up(io_failure(temporary, "cannot set the mode").error());
  LogWriter writer(std::move(fd), 0);
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
