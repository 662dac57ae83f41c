#include "daemon/startup.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "daemon/monitor.hpp"
#include "daemon/standard_streams.hpp"
#include "daemon/user.hpp"

namespace weft::daemon {
namespace {

[[noreturn]] void leave_to(Child& daemon) {
  const auto end = daemon.await_ready();
  if (!end) ::_exit(EXIT_SUCCESS);
  if (WIFEXITED(*end)) ::_exit(WEXITSTATUS(*end));
  std::fprintf(stderr, "%s: fork child died before signaling startup (%s)\n", program_invocation_short_name,
               describe_end(*end).c_str());
  ::_exit(EXIT_FAILURE);
}

}  // namespace

Result<Startup> Startup::begin(const DaemonOptions& options) {
  Startup startup(options);
  ::signal(SIGPIPE, SIG_IGN);  // Peers go when they like: that is an error of write(2) to us.
  if (!options.user.empty()) TRY(become_user(options.user));
  if (options.detach) {
    startup.self_ = TRY(Child::fork());
    if (!startup.self_->is_me()) leave_to(*startup.self_);
    ::setsid();
  }
  if (options.monitor) startup.self_ = TRY(monitor(std::move(startup.self_)));
  for (const auto& path : options.pid_files) {
    startup.pid_files_.push_back(TRY(PidFile::create(path, options.overwrite_pid_file)));
  }
  return startup;
}

void Startup::complete() {
  if (self_) self_->tell_ready();
  if (!options_.detach) return;
  // No file system stays busy because of us. If / is not there, we stay where we are.
  if (options_.chdir && ::chdir("/") != 0) return;
  close_standard_streams();
}

}  // namespace weft::daemon
