#include "apps/weftd_options.hpp"

#include <filesystem>

#include "base/directories.hpp"
#include "base/log_options.hpp"
#include "base/program_options.hpp"

namespace weft {
namespace {

enum Id { id_help = 'h', id_version = 'V', id_run_dir = 256, id_db_file, id_socket };

constexpr option own_options[] = {
    {"run-dir", required_argument, nullptr, id_run_dir}, {"db-file", required_argument, nullptr, id_db_file},
    {"socket", required_argument, nullptr, id_socket},   {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
};

// A forgotten value must not swallow the option that follows it.
Result<std::string> as_file(const char* value) {
  const std::string_view text(value);
  if (!text.starts_with("--")) return absolute_path(text);
  return fail("usage", fmt::format("{} is an option, not a file; write ./{} if it is one", text, text));
}

Result<> apply(int id, const char* argument, WeftdOptions& options) {
  switch (id) {
    case id_run_dir:
      options.run_dir = TRY(as_file(argument));
      return {};
    case id_db_file:
      options.db_file = TRY(as_file(argument));
      return {};
    case id_socket:
      options.socket = TRY(as_file(argument));
      return {};
    case id_help:
      options.action = WeftdOptions::show_help;
      return {};
    case id_version:
      options.action = WeftdOptions::show_version;
      return {};
    default:
      return {};
  }
}

// The directory is made: a host that has only weftd has nobody else who would.
Result<> log_to_file(const char* file) {
  std::error_code ignored;  // Opening the file tells why it cannot be.
  const std::filesystem::path directory =
      file ? std::filesystem::path(absolute_path(file)).parent_path().string() : log_directory();
  std::filesystem::create_directories(directory, ignored);
  TRY(apply_log_option(id_log_file, file));
  return {};
}

// The option's file if it is given, and those under the names of the daemons that it takes the place of.
std::vector<std::string> pid_files(const WeftdOptions& options) {
  auto paths = options.daemon.pid_files;
  if (paths.empty()) paths.push_back(options.run_dir + "/weftd.pid");
  for (const auto* name : stands_in_for) {
    auto path = fmt::format("{}/{}.pid", options.run_dir, name);
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace

Result<WeftdOptions> parse_weftd_options(std::span<const std::string> arguments) {
  // What depends on another option waits until all are read.
  struct Given {
    int id;
    std::optional<std::string> text;
    const char* argument() const { return text ? text->c_str() : nullptr; }
  };
  std::vector<Given> given;
  WeftdOptions options;
  options.run_dir = absolute_path(run_directory());
  const auto known = join_options({own_options, log_options(), daemon::daemon_options()});
  const auto rest = TRY(
      read_options(arguments, known, "hVv::", OptionsEnd::last_argument, [&](int id, const char* argument) -> Result<> {
        given.push_back({id, argument ? std::optional<std::string>(argument) : std::nullopt});
        return apply(id, argument, options);
      }));
  if (!rest.empty()) return fail("usage", fmt::format("'{}' is no option; weftd takes nothing else", rest.front()));
  if (options.action != WeftdOptions::serve) return options;
  bool has_log_file = false;
  for (const auto& each : given) {
    const bool is_log_file = each.id == id_log_file;
    has_log_file |= is_log_file;
    if (is_log_file) {
      TRY(log_to_file(each.argument()));
    } else {
      TRY(apply_log_option(each.id, each.argument()));
    }
    (void)daemon::apply_daemon_option(each.id, each.argument(), options.run_dir, options.daemon);
  }
  if (options.daemon.detach && !has_log_file) TRY(log_to_file(nullptr));
  if (options.db_file.empty()) options.db_file = absolute_path(database_directory() + "/conf.db");
  if (options.socket.empty()) options.socket = options.run_dir + "/db.sock";
  options.daemon.pid_files = pid_files(options);
  return options;
}

std::string weftd_help() {
  return fmt::format(
      R"(weftd - Weft's daemon: the switch and its database, for one host.
It takes the place of ovsdb-server and ovs-vswitchd; ovs-vsctl configures it.

Usage: weftd [OPTION]...
  --run-dir=DIR       sockets, pid files and pinned maps (default: {0})
  --db-file=FILE      the database (default: {1}/conf.db)
  --socket=FILE       where clients connect (default: db.sock in the run directory)
{2}{3}  -h, --help          this text
  -V, --version       the version

In the background it always logs to a file. Its pid files are weftd.pid, or what
--pidfile says, and also ovs-vswitchd.pid and ovsdb-server.pid in the run
directory: ovs-appctl and scripts find it under each of these names.

Examples:
  weftd --detach                        start, and return when the switch works
  weftd -v                              in the foreground, telling everything on standard error
  weftd --run-dir=/run/w1 --db-file=/var/lib/w1.db
                                        a second one, for another network namespace
  ovs-appctl exit                       stop; the network keeps running

Environment: OVS_RUNDIR, OVS_DBDIR, OVS_SYSCONFDIR, OVS_LOGDIR change the directories,
OVS_SYSLOG_METHOD the way to the system's log. Needs root.
)",
      run_directory(), database_directory(), daemon::daemon_options_help, log_options_help);
}

}  // namespace weft
