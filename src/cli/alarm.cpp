#include "cli/alarm.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "base/log.hpp"

namespace weft::cli {
namespace {

const LogModule log("fatal_signal");

std::atomic<const char*> current_activity = "starting";

sigset_t only_alarm() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGALRM);
  return set;
}

// By the signal's own action, for the caller to see.
void die_by(int signal) {
  const auto set = only_alarm();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
}

}  // namespace

void set_alarm(const char* program, unsigned seconds) {
  ::signal(SIGALRM, SIG_DFL);  // The caller may have it ignored.
  const auto set = only_alarm();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  // A thread can tell what a signal handler may not (signal-safety(7)), wherever the others are.
  std::thread([program, set] {
    int signal = 0;
    ::sigwait(&set, &signal);
    fmt::print(stderr, "{}: timed out while {}\n", program, current_activity.load());
    log.warning("terminating with signal {} ({})", signal, ::strsignal(signal));
    die_by(signal);
  }).detach();
  ::alarm(seconds);
}

void set_activity(const char* activity) { current_activity = activity; }

}  // namespace weft::cli
