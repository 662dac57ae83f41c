#include "cli/alarm.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

namespace weft::cli {
namespace {

std::atomic<const char*> current_program = "";
std::atomic<const char*> current_activity = "starting";

// Only what signal-safety(7) allows.
void tell_and_die(int signal) {
  const auto write = [](const char* text) {
    if (::write(STDERR_FILENO, text, std::strlen(text)) < 0) return;  // Nobody listens: die all the same.
  };
  write(current_program);
  write(": timed out while ");
  write(current_activity);
  write("\n");
  ::raise(signal);  // SA_RESETHAND: kills now.
}

}  // namespace

void set_alarm(const char* program, unsigned seconds) {
  current_program = program;
  struct sigaction action = {};
  action.sa_handler = tell_and_die;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  ::sigaction(SIGALRM, &action, nullptr);
  ::alarm(seconds);
}

void set_activity(const char* activity) { current_activity = activity; }

}  // namespace weft::cli
