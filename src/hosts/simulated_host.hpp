// A host made of namespaces: network, mount, uts and pid of its own, held by one process, the host's init. It has no
// name in the machine: no `ip netns` entry, no device outside. Where its init ends, all of it ends.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::hosts {

// The word of `weft lab-host-init DIRECTORY NAME PROGRAMS`, which is a host's first process.
inline constexpr const char* init_word = "lab-host-init";
// The word of `weft lab-host-end DIRECTORY`, which ends a host, for people whose lab is known no more.
inline constexpr const char* end_word = "lab-host-end";
inline constexpr int host_start_seconds_max = 15;

class SimulatedHost {
 public:
  // Starts the init in `directory`, which is made (0700) and is the host's: private folders, logs, the file its init
  // holds locked. It must not be below /run, /proc or /sys, of which the host has its own. `programs` comes first in
  // the PATH of the host's shells. Returns when the host is ready: `lo` is up. Errors: not root, it runs already, what
  // could not be mounted. Where the caller is killed meanwhile, nothing is left running.
  static Result<SimulatedHost> start(const std::string& directory, const std::string& name,
                                     const std::string& programs);
  // None where no init of this directory runs. The lock tells, so a number that another process has got is not taken
  // for it.
  static std::optional<SimulatedHost> find(const std::string& directory);

  pid_t pid() const { return pid_; }            // Of its init, as this machine sees it.
  int pidfd() const { return process_.get(); }  // The same, which stays its own (pidfd_open(2)).
  const std::string& directory() const { return directory_; }
  // What its processes are started with: "NAME=VALUE"; PATH, HOME, LC_ALL, and this process's TERM, LANG, NO_COLOR.
  Result<std::vector<std::string>> environment() const;

  // Ends every process of the host, and with them its namespaces and mounts; waits until they are gone. Keeps the
  // directory. Nothing to do where it has ended.
  Result<> stop();

 private:
  SimulatedHost(std::string directory, pid_t pid, UniqueFd process)
      : directory_(std::move(directory)), pid_(pid), process_(std::move(process)) {}
  std::string directory_;
  pid_t pid_;
  UniqueFd process_;
};

// The argument vector that runs `command` in the host, with the caller's streams. Error "not running".
Result<std::vector<std::string>> enter_command(const std::string& directory, const std::vector<std::string>& command);

// What `weft lab-host-init DIRECTORY NAME PROGRAMS` does, as the first process of a host. Does not return.
[[noreturn]] void run_host_init(const std::string& directory, const std::string& name, const std::string& programs);

}  // namespace weft::hosts
