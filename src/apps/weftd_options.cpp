#include "apps/weftd_options.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/compatibility.hpp"
#include "base/log.hpp"

namespace weft {
namespace {

constexpr int usage_mistake = 2;

constexpr const char* description =
    "weftd - Weft's daemon: the switch and its database, for one host.\n"
    "It takes the place of ovsdb-server and ovs-vswitchd; ovs-vsctl configures it.";

constexpr const char* examples =
    R"(Examples:
  weftd --detach                        start, and return when the switch works
  weftd -v                              in the foreground, telling everything on standard error
  weftd --run-dir=/run/w1 --db-file=/var/lib/w1.db
                                        a second one, for another network namespace
  kill $(cat /var/run/openvswitch/weftd.pid)
                                        stop; the network keeps running

Environment: OVS_RUNDIR, OVS_DBDIR, OVS_LOGDIR change the directories. Needs root.)";

std::string from_environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// A forgotten value must not swallow the option that follows it.
std::string refuse_option_as_value(const std::string& value) {
  return value.starts_with("--") ? value + " is an option, not a file; write ./" + value + " if it is one" : "";
}

std::string absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal().string(); }

}  // namespace

std::variant<WeftdOptions, int> parse_weftd_options(int argc, const char* const* argv) {
  WeftdOptions options;
  const auto db_dir = from_environment("OVS_DBDIR", "/etc/openvswitch");
  const auto log_dir = from_environment("OVS_LOGDIR", "/var/log/openvswitch");
  options.run_dir = from_environment("OVS_RUNDIR", "/var/run/openvswitch");

  CLI::App app(description, "weftd");
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string("weftd: ") + error.what() + "; weftd --help tells the options\n";
  });
  app.footer(examples);
  app.set_version_flag("-V,--version",
                       fmt::format("weftd {} (compatible with Open vSwitch {})", WEFT_VERSION, compatible_ovs_version),
                       "print the version");
  app.set_help_flag("-h,--help", "print this help");
  std::string log_file;
  app.add_option("--run-dir", options.run_dir, "socket, pid file and pinned maps (default: " + options.run_dir + ")");
  app.add_option("--db-file", options.db_file, "the database (default: " + db_dir + "/conf.db)");
  app.add_option("--socket", options.socket, "where clients connect (default: RUN-DIR/db.sock)");
  app.add_option("--pidfile", options.pid_file, "locked while it runs (default: RUN-DIR/weftd.pid)")->expected(0, 1);
  auto* log_option = app.add_option("--log-file", log_file,
                                    "log there (default: standard error; with --detach or without\n"
                                    "FILE: " +
                                        log_dir + "/weftd.log)")
                         ->expected(0, 1);
  app.add_flag("--detach", options.detach, "to the background; return when the switch works");
  app.add_flag("-v,--verbose", options.verbose, "log what is of use only to those who look for a fault");
  for (auto* option : app.get_options()) {
    if (option->get_expected_max() == 1 && option->get_items_expected_max() == 1) {
      option->type_name("FILE")->take_last()->check(refuse_option_as_value);
    }
  }
  app.get_option("--run-dir")->type_name("DIR");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_mistake;
  }
  if (options.db_file.empty()) options.db_file = db_dir + "/conf.db";
  if (options.socket.empty()) options.socket = options.run_dir + "/db.sock";
  if (options.pid_file.empty()) options.pid_file = options.run_dir + "/weftd.pid";
  for (auto* path : {&options.run_dir, &options.db_file, &options.socket, &options.pid_file}) *path = absolute(*path);
  if (log_option->count() > 0 || options.detach) {
    options.log_file = absolute(log_file.empty() ? log_dir + "/weftd.log" : log_file);
  }
  return options;
}

}  // namespace weft
