// weftd: the daemon, one per host. Wiring only; see daemon.hpp.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

#include "apps/daemon.hpp"
#include "apps/weftd_options.hpp"
#include "base/compatibility.hpp"
#include "base/log.hpp"
#include "base/log_options.hpp"
#include "base/service_manager.hpp"
#include "daemon/startup.hpp"

namespace weft {
namespace {

const LogModule log("weftd");

constexpr mode_t private_files = 0077;

// Where other programs have their files too: open to all, as packages make it. What we put there is private by itself.
Result<> make_directory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail("no directory", fmt::format("cannot make the directory {}: {}", path, error.message()));
  return {};
}

// Two daemons in one run directory would take over each other's maps, whatever
// their pid files are called.
Result<UniqueFd> lock_directory(const std::string& path) {
  UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return fail("no directory", fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  if (::flock(directory.get(), LOCK_EX | LOCK_NB) == 0) return directory;
  if (errno != EWOULDBLOCK) return fail("no lock", fmt::format("cannot lock {}: {}", path, std::strerror(errno)));
  const auto holder = read_pid_file(path + "/ovs-vswitchd.pid");
  return fail("in use", fmt::format("another weftd{} runs in {}; give --run-dir",
                                    holder ? fmt::format(" (pid {})", *holder) : "", path));
}

int give_up(const Error& error) {
  std::fprintf(stderr, "weftd: %s\n", error.details.c_str());
  return EXIT_FAILURE;
}

Result<> serve(const WeftdOptions& options) {
  TRY(make_directory(options.run_dir));
  TRY(make_directory(std::filesystem::path(options.db_file).parent_path()));
  const auto run_dir_lock = TRY(lock_directory(options.run_dir));
  auto startup = TRY(daemon::Startup::begin(options.daemon));
  log.info("weftd {} starts: database {}, socket {}", WEFT_VERSION, options.db_file, options.socket);
  ::umask(private_files);
  auto daemon = Daemon::start(options);
  if (!daemon) {
    log.error("{}", daemon.error().details);
    return std::unexpected(std::move(daemon).error());
  }
  startup.complete();
  notify_service_manager("READY=1");
  (*daemon)->run();
  return {};
}

int main_of_weftd(std::span<const std::string> arguments) {
  if (const auto started = start_log(LogLevel::info); !started) return give_up(started.error());
  const auto options = parse_weftd_options(arguments);
  if (!options) return give_up(options.error());
  if (options->action == WeftdOptions::show_help) {
    std::fputs(weftd_help().c_str(), stdout);
    return EXIT_SUCCESS;
  }
  if (options->action == WeftdOptions::show_version) {
    std::printf("weftd %s (compatible with Open vSwitch %s)\n", WEFT_VERSION, compatible_ovs_version);
    return EXIT_SUCCESS;
  }
  if (::geteuid() != 0) {
    return give_up({"not root", "needs root, to make network devices and load eBPF programs; try sudo"});
  }
  if (!options->daemon.user.empty()) {
    return give_up({"usage", "--user: the switch needs root as long as it runs; only ovsdb-server can do with less"});
  }
  const auto served = serve(*options);
  return served ? EXIT_SUCCESS : give_up(served.error());
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  return weft::main_of_weftd(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
