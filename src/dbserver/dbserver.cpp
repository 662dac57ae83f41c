#include "dbserver/dbserver.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>

#include "base/compatibility.hpp"
#include "base/log_options.hpp"
#include "base/service_manager.hpp"
#include "daemon/startup.hpp"
#include "dbserver/program.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("ovsdb_server");

constexpr mode_t private_files = 0027;

Remembered from_options(const Options& options) { return {options.databases, options.remotes, options.replication}; }

// The signal that ended it, or 0.
Result<int> serve(const Options& options) {
  auto memory = TRY(Memory::make(from_options(options)));
  auto startup = TRY(daemon::Startup::begin(options.daemon));
  ::umask(private_files);
  const auto program = TRY(Program::start(options, memory));
  startup.complete();
  // Not before: with --detach that is no news for the terminal. With a command of its own it is more like a tool on the
  // command line.
  if (!options.run_command) log.info("ovsdb-server (Open vSwitch) {}", compatible_ovs_version);
  notify_service_manager("READY=1");
  return program->run();
}

Result<int> run_program(std::span<const std::string> arguments, std::FILE* out) {
  TRY(start_log(LogLevel::info));
  const auto options = TRY(parse_options(arguments));
  if (options.action != Options::serve) {
    fmt::print(out, "{}", options.action == Options::show_version ? version_text() : help_text());
    return 0;
  }
  return serve(options);
}

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  const auto ended = run_program(arguments, out);
  if (!ended) {
    fmt::print(err, "ovsdb-server: {}\n", ended.error().details);
    return EXIT_FAILURE;
  }
  if (*ended == 0) return EXIT_SUCCESS;
  // Whoever waits for us learns that it was a signal.
  std::signal(*ended, SIG_DFL);
  std::raise(*ended);
  return EXIT_FAILURE;
}

}  // namespace weft::dbserver
