// The options of ovsdb-server, as ovsdb-server(1) tells them.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "daemon/options.hpp"
#include "dbserver/replication_settings.hpp"
#include "ovsdb/remotes.hpp"
#include "stream/tls_options.hpp"

namespace weft::dbserver {

struct Options {
  enum Action { serve, show_help, show_version } action = serve;
  std::vector<std::string> databases;  // Files, each once. None: --no-dbs.
  std::set<std::string> remotes;
  std::optional<std::string> run_command;  // For the shell.
  bool write_differences = true;           // Of changed sets and maps, in database files.
  ReplicationSettings replication;
  daemon::DaemonOptions daemon;
  ovsdb::TlsSources tls;
};

// `arguments` without the program's name. Options about the log take effect at once. Errors: "usage", "log file".
Result<Options> parse_options(std::span<const std::string> arguments);

std::string help_text();
std::string version_text();

}  // namespace weft::dbserver
