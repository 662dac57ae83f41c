#include "daemon/options.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "base/directories.hpp"

namespace weft::daemon {
namespace {

constexpr option long_options[] = {
    {"detach", no_argument, nullptr, id_detach},
    {"monitor", no_argument, nullptr, id_monitor},
    {"no-chdir", no_argument, nullptr, id_no_chdir},
    {"pidfile", optional_argument, nullptr, id_pid_file},
    {"overwrite-pidfile", no_argument, nullptr, id_overwrite_pid_file},
    {"no-self-confinement", no_argument, nullptr, id_no_self_confinement},
    {"user", required_argument, nullptr, id_user},
    {"unixctl", required_argument, nullptr, id_unixctl},
};

}  // namespace

std::span<const option> daemon_options() { return long_options; }

bool apply_daemon_option(int id, const char* argument, const std::string& run_directory, DaemonOptions& options) {
  switch (id) {
    case id_detach:
      options.detach = true;
      return true;
    case id_monitor:
      options.monitor = true;
      return true;
    case id_no_chdir:
      options.chdir = false;
      return true;
    case id_pid_file:
      options.pid_files = {absolute_path(
          resolve_in(run_directory, argument ? argument : fmt::format("{}.pid", program_invocation_short_name)))};
      return true;
    case id_overwrite_pid_file:
      options.overwrite_pid_file = true;
      return true;
    case id_no_self_confinement:
      return true;  // Nothing is confined.
    case id_user:
      options.user = argument;
      return true;
    case id_unixctl:
      options.unixctl = argument;
      return true;
    default:
      return false;
  }
}

}  // namespace weft::daemon
