// The command line and environment of weftd.
#pragma once

#include <optional>
#include <string>
#include <variant>

namespace weft {

// Every path is absolute.
struct WeftdOptions {
  std::string run_dir;                  // --run-dir, OVS_RUNDIR, /var/run/openvswitch
  std::string db_file;                  // --db-file, conf.db in OVS_DBDIR, /etc/openvswitch/conf.db
  std::string socket;                   // --socket, db.sock in run_dir
  std::string pid_file;                 // --pidfile, weftd.pid in run_dir
  std::optional<std::string> log_file;  // --log-file; in the background always:
                                        // weftd.log in OVS_LOGDIR. None: stderr.
  bool detach = false;
  bool verbose = false;
};

// The options, or the exit status of a program that has nothing more to do:
// --help, --version, or a mistake that it has told on standard error.
std::variant<WeftdOptions, int> parse_weftd_options(int argc, const char* const* argv);

}  // namespace weft
