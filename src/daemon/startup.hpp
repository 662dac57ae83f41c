// A daemon's way from being called to working: to the background, under a monitor, as another user, with its pid files.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/pid_file.hpp"
#include "daemon/child.hpp"
#include "daemon/options.hpp"

namespace weft::daemon {

class Startup {
 public:
  // Returns in the process that is to be the daemon. With --detach the process that was called waits, and exits: 0 once
  // complete() is called; else, when the daemon ends before, with its status. So reasons are told on standard error.
  // Open nothing before that would do harm if there were two of it, and start no thread.
  static Result<Startup> begin(const DaemonOptions& options);

  // The daemon works. With --detach it leaves its caller's standard streams and working directory alone from now on.
  void complete();

 private:
  explicit Startup(const DaemonOptions& options) : options_(options) {}
  DaemonOptions options_;
  std::optional<Child> self_;  // Somebody waits for us.
  std::vector<PidFile> pid_files_;
};

}  // namespace weft::daemon
