#include "unixctl/target.hpp"

#include <fmt/format.h>

#include "base/directories.hpp"
#include "base/pid_file.hpp"

namespace weft::unixctl {

std::string default_socket(const std::string& run_directory, std::string_view program, pid_t pid) {
  return fmt::format("{}/{}.{}.ctl", run_directory, program, pid);
}

Result<std::string> find_socket(std::string_view target) {
  if (target.starts_with('/')) return std::string(target);
  const auto directory = run_directory();
  const auto pid_file = fmt::format("{}/{}.pid", directory, target);
  const auto pid = read_pid_file(pid_file);
  if (!pid) return fail("no pid file", fmt::format("cannot read pidfile \"{}\" ({})", pid_file, pid.error().details));
  return default_socket(directory, target, *pid);
}

}  // namespace weft::unixctl
