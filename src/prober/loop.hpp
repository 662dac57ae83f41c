// The prober's one loop: it waits for all its sockets at once (epoll(7)), in one thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::prober {

using Clock = std::chrono::steady_clock;

// Who is told that a socket is ready. Lives as long as the socket is watched.
class Watcher {
 public:
  virtual void ready(std::uint32_t events) = 0;

 protected:
  ~Watcher() = default;
};

class Loop {
 public:
  // SIGINT, SIGTERM and SIGHUP stop it from now on.
  static Result<Loop> create();

  // Until the descriptor is closed.
  Result<> watch(int fd, std::uint32_t events, Watcher& watcher);
  // Waits until something is ready, and tells the watchers. False: nothing until `deadline`, or it is to stop.
  bool turn(Clock::time_point deadline);
  // Tells the watchers of all that is ready now.
  void drain() {
    while (turn({})) {
    }
  }

  // Nobody waits for what we do any more.
  void stop() { is_stopped_ = true; }
  bool is_stopped() const;

 private:
  explicit Loop(UniqueFd epoll) : epoll_(std::move(epoll)) {}

  UniqueFd epoll_;
  bool is_stopped_ = false;
};

}  // namespace weft::prober
