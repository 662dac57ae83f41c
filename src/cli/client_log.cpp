#include "cli/client_log.hpp"

#include "base/log_options.hpp"

namespace weft::cli {
namespace {

// Modules of Open vSwitch's clients that ours need not have: -vreconnect:off is no mistake of its caller.
constexpr std::string_view modules_of_others[] = {
    "backtrace",   "command_line",     "coverage",    "daemon",       "daemon_unix",
    "db_ctl_base", "dns_resolve",      "entropy",     "fatal_signal", "hmap",
    "jsonrpc",     "lockfile",         "memory",      "ovs_replay",   "ovs_thread",
    "ovsdb",       "ovsdb_cs",         "ovsdb_error", "ovsdb_file",   "ovsdb_idl",
    "ovsdb_log",   "poll_loop",        "process",     "reconnect",    "signals",
    "socket_util", "socket_util_unix", "stream",      "stream_fd",    "stream_replay",
    "stream_ssl",  "stream_tcp",       "stream_unix", "svec",         "table",
    "timeval",     "unixctl",          "util",        "uuid",         "vlog",
    "vsctl",
};

}  // namespace

Result<> start_client_log() {
  for (const auto name : modules_of_others) LogModule{name};
  return start_log(LogLevel::warning);
}

}  // namespace weft::cli
