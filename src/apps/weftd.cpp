// weftd: the daemon, one per host. Wiring only; see daemon.hpp.
#include <fcntl.h>
#include <signal.h>
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
#include "base/background.hpp"
#include "base/log.hpp"
#include "base/log_settings.hpp"
#include "base/pid_file.hpp"
#include "base/service_manager.hpp"

namespace weft {
namespace {

const LogModule log("weftd");

constexpr mode_t private_files = 0077;

// Where other programs have their files too: open to all, as packages make it. What we put there is private by itself.
Result<> make_directory(const std::string& path) {
  const auto previous = ::umask(0022);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  ::umask(previous);
  if (error) return fail("no directory", fmt::format("cannot make the directory {}: {}", path, error.message()));
  return {};
}

// Two daemons in one run directory would take over each other's maps, whatever
// their pid files are called.
Result<UniqueFd> lock_directory(const std::string& path) {
  UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return fail("no directory", fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  if (::flock(directory.get(), LOCK_EX | LOCK_NB) == 0) return directory;
  if (errno == EWOULDBLOCK) return fail("in use", fmt::format("another weftd runs in {}; give --run-dir", path));
  return fail("no lock", fmt::format("cannot lock {}: {}", path, std::strerror(errno)));
}

// What a running weftd holds. Goes in reverse order.
struct Running {
  PidFile pid_file;
  UniqueFd run_dir_lock;
  std::unique_ptr<Daemon> daemon;
};

// Until there is a log, errors can only be told to who called us.
Result<> open_log(const WeftdOptions& options) {
  if (::geteuid() != 0) {
    return fail("not root", "needs root, to make network devices and load eBPF programs; try sudo");
  }
  if (!options.log_file) return {};
  TRY(make_directory(std::filesystem::path(*options.log_file).parent_path()));
  return open_log_file(*options.log_file);
}

Result<Running> start(const WeftdOptions& options) {
  log.info("weftd {} starts: database {}, socket {}", WEFT_VERSION, options.db_file, options.socket);
  TRY(make_directory(options.run_dir));
  TRY(make_directory(std::filesystem::path(options.db_file).parent_path()));
  auto pid_file = TRY(PidFile::create(options.pid_file));
  auto run_dir_lock = TRY(lock_directory(options.run_dir));
  auto daemon = TRY(Daemon::start(options));
  return Running{std::move(pid_file), std::move(run_dir_lock), std::move(daemon)};
}

int give_up(const Error& error, std::optional<Background>& background) {
  if (background) {
    background->failed(error);
  } else {
    std::fprintf(stderr, "weftd: %s\n", error.details.c_str());
  }
  return EXIT_FAILURE;
}

int serve(const WeftdOptions& options, std::optional<Background> background) {
  if (const auto opened = open_log(options); !opened) return give_up(opened.error(), background);
  auto running = start(options);
  if (!running) {
    if (options.log_file) log.error("{}", running.error().details);
    return give_up(running.error(), background);
  }
  if (background) {
    if (const auto ready = background->ready(); !ready) return give_up(ready.error(), background);
  }
  notify_service_manager("READY=1");
  running->daemon->run();
  return EXIT_SUCCESS;
}

int main_of_weftd(int argc, char** argv) {
  const auto parsed = parse_weftd_options(argc, argv);
  if (const auto* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<WeftdOptions>(parsed);
  ::signal(SIGPIPE, SIG_IGN);
  ::umask(private_files);
  if (options.verbose) (void)apply_log_spec("");
  if (!options.detach) return serve(options, std::nullopt);
  auto background = Background::enter("weftd");
  if (!background) {
    std::optional<Background> foreground;
    return give_up(background.error(), foreground);
  }
  // No file system stays busy because of us.
  if (::chdir("/") != 0) log.warning("cannot change to the directory /: {}", std::strerror(errno));
  return serve(options, *std::move(background));
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) { return weft::main_of_weftd(argc, argv); }
