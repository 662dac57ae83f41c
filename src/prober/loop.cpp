#include "prober/loop.hpp"

#include <signal.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "base/system_error.hpp"

namespace weft::prober {
namespace {

volatile std::sig_atomic_t was_signalled = 0;

void note_signal(int) { was_signalled = 1; }

}  // namespace

Result<Loop> Loop::create() {
  struct sigaction action{};
  action.sa_handler = note_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return fail_with_errno("cannot wait for sockets");
  return Loop(std::move(epoll));
}

Result<> Loop::watch(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{.events = events, .data = {.ptr = &watcher}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return fail_with_errno("cannot wait for a socket");
  return {};
}

bool Loop::turn(Clock::time_point deadline) {
  if (is_stopped()) return false;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  std::array<epoll_event, 64> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30)));
  for (int i = 0; i < count; ++i) {
    static_cast<Watcher*>(events[static_cast<std::size_t>(i)].data.ptr)
        ->ready(events[static_cast<std::size_t>(i)].events);
  }
  return count > 0;
}

bool Loop::is_stopped() const { return is_stopped_ || was_signalled != 0; }

}  // namespace weft::prober
