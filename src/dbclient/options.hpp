// The options of ovsdb-client(1).
#pragma once

#include "cli/common_options.hpp"
#include "daemon/options.hpp"

namespace weft::dbclient {

struct Options : cli::CommonOptions {
  bool timestamp = false;             // Of each table that "monitor" prints.
  bool force = false;                 // "restore" where the schemas differ.
  bool db_change_aware = true;        // A monitor is told that its database goes, instead of losing the connection.
  daemon::DaemonOptions daemon = {};  // Of the commands that go on until they are ended.

  // Somebody wants to find it, and end it.
  bool is_daemon() const {
    return daemon.detach || daemon.monitor || !daemon.pid_files.empty() || daemon.unixctl || !daemon.user.empty();
  }
};

struct OptionsAndRest {
  Options options;
  std::vector<std::string> rest;  // The command and its arguments.
};

// `arguments` without the program's name. Reads OVS_CTL_TIMEOUT. Errors: "usage".
Result<OptionsAndRest> parse_options(std::span<const std::string> arguments);

}  // namespace weft::dbclient
