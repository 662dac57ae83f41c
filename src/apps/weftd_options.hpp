// The command line and environment of weftd.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "daemon/options.hpp"

namespace weft {

// Where programs that know Open vSwitch look for its daemons' numbers and control sockets: weftd is both of them.
inline constexpr const char* stands_in_for[] = {"ovs-vswitchd", "ovsdb-server"};

// Every path is absolute.
struct WeftdOptions {
  std::string run_dir;  // --run-dir, OVS_RUNDIR, /var/run/openvswitch
  std::string db_file;  // --db-file, conf.db in OVS_DBDIR, /etc/openvswitch/conf.db
  std::string socket;   // --socket, db.sock in run_dir
  daemon::DaemonOptions daemon;
  enum Action { serve, show_help, show_version } action = serve;
};

// `arguments` without the program's name. Those about the log take effect at once; in the background there always is a
// log file. Errors: "usage", and those of apply_log_option().
Result<WeftdOptions> parse_weftd_options(std::span<const std::string> arguments);

std::string weftd_help();

}  // namespace weft
