// A host made of namespaces: network, mount, uts and pid of its own, held by one process, the host's init. It has no
// name in the machine: no `ip netns` entry, no device outside. Where its init ends, all of it ends.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace weft::hosts {

class SimulatedHost {
 public:
  // Starts the init in `directory`, which is made (0700) and is the host's: private folders, logs, the init's pid
  // file. `programs` comes first in the PATH of the host's shells. Returns when the host is ready. Errors: not root,
  // what could not be mounted.
  static Result<SimulatedHost> start(const std::string& directory, const std::string& name, const std::string& programs);
  // None where no init of this directory runs.
  static std::optional<SimulatedHost> find(const std::string& directory);

  pid_t pid() const { return pid_; }  // Of its init, as this machine sees it.

  // Ends every process of the host, and with them its namespaces and mounts; waits until they are gone. Keeps the
  // directory.
  Result<> stop();

 private:
  SimulatedHost(std::string directory, pid_t pid) : directory_(std::move(directory)), pid_(pid) {}
  std::string directory_;
  pid_t pid_;
};

// The argument vector that runs `command` in the host.
Result<std::vector<std::string>> enter_command(const std::string& directory, const std::vector<std::string>& command);

// What `weft lab-host-init DIRECTORY NAME PROGRAMS` does, as the first process of a host. Does not return.
[[noreturn]] void run_host_init(const std::string& directory, const std::string& name, const std::string& programs);

}  // namespace weft::hosts
