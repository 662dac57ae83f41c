// A program on pipes, on this machine or inside a simulated host; leader of a session of its own.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "hosts/simulated_host.hpp"

namespace weft::hosts {

class ChildProcess {
 public:
  // `host`: where it runs; null: here, with this process's environment. It has no descriptors but its three streams.
  static Result<ChildProcess> start(const std::vector<std::string>& command, const SimulatedHost* host);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  // Ends its input, waits a moment for it, then kills its process group.
  ~ChildProcess();

  int in() const { return in_.get(); }  // Does not block.
  int out() const { return out_.get(); }
  int err() const { return err_.get(); }
  void kill_group() const;
  // As write(2), but a reader that has gone is EPIPE and no signal.
  ssize_t write(std::string_view text) const;

 private:
  ChildProcess(pid_t pid, UniqueFd in, UniqueFd out, UniqueFd err);
  pid_t pid_;
  UniqueFd in_, out_, err_;
};

}  // namespace weft::hosts
