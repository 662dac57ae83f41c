#include "dbserver/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/compatibility.hpp"
#include "base/directories.hpp"
#include "base/log_options.hpp"
#include "base/program_options.hpp"
#include "daemon/replay_options.hpp"
#include "ovsdb/database_place.hpp"

namespace weft::dbserver {
namespace {

enum Id {
  id_help = 'h',
  id_version = 'V',
  id_remote = 3000,
  id_run,
  id_no_dbs,
  id_disable_file_column_diff,
  id_sync_from,
  id_sync_exclude_tables,
  id_active,
};

constexpr std::string_view short_options = "hVv::p:c:C:";

constexpr option own_options[] = {
    {"remote", required_argument, nullptr, id_remote},
    {"run", required_argument, nullptr, id_run},
    {"no-dbs", no_argument, nullptr, id_no_dbs},
    {"disable-file-column-diff", no_argument, nullptr, id_disable_file_column_diff},
    {"sync-from", required_argument, nullptr, id_sync_from},
    {"sync-exclude-tables", required_argument, nullptr, id_sync_exclude_tables},
    {"active", no_argument, nullptr, id_active},
    {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
};

constexpr std::string_view usage = R"(ovsdb-server: serve databases by the OVSDB protocol
usage: ovsdb-server [OPTION]... [DATABASE]...
Each DATABASE is a file that ovsdb-tool made, or relay:NAME:REMOTE[,REMOTE]... for one
that another server has; without any it is {}.

  --remote=REMOTE     listen there, or connect to there; may be given several times:
                      punix:FILE, ptcp:[PORT][:HOST], pssl:[PORT][:HOST],
                      unix:FILE, tcp:HOST:PORT, ssl:HOST:PORT, or
                      db:DATABASE,TABLE,COLUMN for the remotes that stand there
  --run=COMMAND       run the command, and end when it does: 0 if it ended well, else 1
  --no-dbs            no default database: ovs-appctl adds some later
  --disable-file-column-diff
                      write changed sets and maps whole, for programs before Open vSwitch 2.15
  --sync-from=SERVER  be the backup of SERVER (unix:FILE, tcp:HOST:PORT, ssl:HOST:PORT): hold
                      what its databases of the same names hold, and let clients only read
  --sync-exclude-tables=DATABASE:TABLE[,DATABASE:TABLE]...
                      leave these tables as they are here
  --active            know of SERVER, but be its backup only when ovs-appctl says so
)";

constexpr std::string_view last_options = R"(  -h, --help          this text
  -V, --version       the version
)";

void apply(int id, const char* argument, Options& options) {
  switch (id) {
    case id_remote:
      options.remotes.insert(argument);
      break;
    case id_run:
      options.run_command = argument;
      break;
    case id_disable_file_column_diff:
      options.write_differences = false;
      break;
    case id_sync_from:
      options.replication.active_server = argument;
      break;
    case id_help:
      options.action = Options::show_help;
      break;
    case id_version:
      options.action = Options::show_version;
      break;
    default:
      break;
  }
}

}  // namespace

Result<Options> parse_options(std::span<const std::string> arguments) {
  Options options;
  bool has_default_database = true;
  bool is_backup = true;  // Of the server that is told, if one is.
  const auto known = join_options(
      {own_options, log_options(), daemon::daemon_options(), daemon::replay_options(), stream::tls_options()});
  const auto take = [&](int id, const char* argument) -> Result<> {
    if (TRY(apply_log_option(id, argument))) return {};
    if (id == stream::id_ssl_protocols && std::string_view(argument).starts_with(ovsdb::place_prefix)) {
      options.tls.protocols = argument;
      return {};
    }
    if (TRY(stream::apply_tls_option(id, argument, options.tls.settings))) return {};
    TRY(daemon::refuse_replay_option(id));
    if (daemon::apply_daemon_option(id, argument, run_directory(), options.daemon)) return {};
    if (id == id_no_dbs) has_default_database = false;
    if (id == id_active) is_backup = false;
    if (id == id_sync_exclude_tables) options.replication.excluded = TRY(parse_tables(argument));
    apply(id, argument, options);
    return {};
  };
  auto files = TRY(read_options(arguments, known, short_options, OptionsEnd::last_argument, take));
  for (auto& file : files)
    if (std::ranges::find(options.databases, file) == options.databases.end())
      options.databases.push_back(std::move(file));
  if (options.databases.empty() && has_default_database) options.databases = {database_directory() + "/conf.db"};
  options.replication.is_backup = is_backup && !options.replication.active_server.empty();
  return options;
}

std::string help_text() {
  return fmt::format(usage, database_directory() + "/conf.db")
      .append(daemon::daemon_options_help)
      .append(stream::tls_options_help)
      .append(log_options_help)
      .append(last_options);
}

std::string version_text() {
  return fmt::format("ovsdb-server (Open vSwitch) {}\nWeft {}\n", compatible_ovs_version, WEFT_VERSION);
}

}  // namespace weft::dbserver
