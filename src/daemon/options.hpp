// The options that daemons have, as ovs-vswitchd(8) and ovsdb-server(1) tell them.
#pragma once

#include <getopt.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft::daemon {

struct DaemonOptions {
  bool detach = false;
  bool monitor = false;
  bool chdir = true;
  bool overwrite_pid_file = false;
  std::vector<std::string> pid_files = {};  // Absolute paths; each is locked while the daemon runs.
  std::optional<std::string> unixctl = {};  // As given: a path, or "none".
  std::string user = {};                    // USER, :GROUP or USER:GROUP; empty: stay who we are.
};

// What getopt_long returns for one.
enum DaemonOption {
  id_detach = 1100,
  id_monitor,
  id_no_chdir,
  id_pid_file,
  id_overwrite_pid_file,
  id_no_self_confinement,
  id_user,
  id_unixctl,
};

std::span<const option> daemon_options();

// False: `id` is none of these. Relative paths are in `run_directory`.
bool apply_daemon_option(int id, const char* argument, const std::string& run_directory, DaemonOptions& options);

inline constexpr std::string_view daemon_options_help =
    R"(  --detach            to the background; return when the daemon works
  --monitor           a second process starts the daemon again when it crashes
  --no-chdir          do not change to the directory / when detaching
  --pidfile[=FILE]    locked while it runs (default: PROGRAM.pid in OVS_RUNDIR)
  --overwrite-pidfile with --pidfile, start even if another one runs
  --user=USER[:GROUP] run as that user, with only the capabilities that it needs
  --no-self-confinement
                      accepted; nothing is confined
  --unixctl=SOCKET    the control socket for ovs-appctl, or none
                      (default: PROGRAM.PID.ctl in OVS_RUNDIR)
)";

}  // namespace weft::daemon
