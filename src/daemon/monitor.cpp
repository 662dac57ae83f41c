#include "daemon/monitor.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

#include "base/log.hpp"
#include "daemon/standard_streams.hpp"

namespace weft::daemon {
namespace {

using Clock = std::chrono::steady_clock;

const LogModule log("daemon_unix");

constexpr int crashes[] = {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV, SIGXCPU, SIGXFSZ};

// Of a child that never worked: it has said why.
[[noreturn]] void end_like(int status) { ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE); }

void wait_until(Clock::time_point when, const std::string& what) {
  if (Clock::now() >= when) return;
  log.warning("{}, waiting until {} seconds since last restart", what, least_time_between_restarts.count());
  std::this_thread::sleep_until(when);
}

}  // namespace

bool is_crash(int status) {
  return WIFSIGNALED(status) && std::ranges::find(crashes, WTERMSIG(status)) != std::end(crashes);
}

Result<Child> monitor(std::optional<Child> to_caller) {
  Clock::time_point last_restart;
  for (int count = 0;; ++count) {
    auto daemon = TRY(Child::fork());
    if (daemon.is_me()) {
      set_log_subprogram(count > 0 ? program_invocation_short_name : "");
      if (count > 0) (void)reopen_log_file();
      return daemon;
    }
    set_log_subprogram("monitor");
    const auto early_end = daemon.await_ready();
    if (early_end) {
      if (count > 0) log.error("pid {} died before it worked, {}, exiting", daemon.pid(), describe_end(*early_end));
      end_like(*early_end);
    }
    if (to_caller && count == 0) {
      to_caller->tell_ready();
      close_standard_streams();
    }
    const bool has_log_file = is_log_file_open();
    close_log_file();  // It may be moved away while nothing happens here.
    const auto status = daemon.await_end();
    if (has_log_file) (void)reopen_log_file();
    const auto end = fmt::format("pid {} died, {}", daemon.pid(), describe_end(status));
    if (!is_crash(status)) {
      log.info("{}, exiting", end);
      ::_exit(EXIT_SUCCESS);
    }
    const auto what = fmt::format("{} crashes: {}", count + 1, end);
    if (count > 0) wait_until(last_restart + least_time_between_restarts, what);
    log.error("{}, restarting", what);
    last_restart = Clock::now();
  }
}

}  // namespace weft::daemon
