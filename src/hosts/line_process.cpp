#include "hosts/line_process.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "hosts/ssh.hpp"

namespace weft::hosts {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int last_words_wait_ms = 200;

// Rounded up: rounded down, it would turn round before the deadline.
int milliseconds_until(LineProcess::Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

bool waits_in_vain(int fd, short events, LineProcess::Deadline deadline) {
  for (;;) {
    pollfd waited{.fd = fd, .events = events, .revents = 0};
    const int ready = ::poll(&waited, 1, milliseconds_until(deadline));
    if (ready > 0) return false;
    if (ready == 0 || errno != EINTR) return true;
  }
}

Result<ChildProcess> start_at(const Place& place, const std::vector<std::string>& command) {
  if (place.is_remote()) return ChildProcess::start(ssh_command(place.ssh, quote(command), Terminal::no), nullptr);
  if (!place.is_simulated()) return ChildProcess::start(command, nullptr);
  const auto host = SimulatedHost::find(place.directory);
  if (!host) return fail("not running", fmt::format("{} does not run", place.name));
  return ChildProcess::start(command, &*host);
}

}  // namespace

Result<LineProcess> LineProcess::start(const Place& place, const std::vector<std::string>& command) {
  auto process = TRY(start_at(place, command));
  const auto where = place.name.empty() ? std::string() : fmt::format(" on {}", place.name);
  return LineProcess(fmt::format("{}{}", command.front(), where), std::move(process));
}

Result<> LineProcess::write_line(std::string_view line, Deadline deadline) {
  const auto text = std::string(line) + "\n";
  std::string_view left = text;
  while (!left.empty()) {
    const auto sent = process_.write(left);
    if (sent >= 0) {
      left.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (waits_in_vain(process_.in(), POLLOUT, deadline)) return fail("timeout", name_ + " does not read");
    } else if (errno != EINTR) {
      return ended();
    }
  }
  return {};
}

Result<std::string> LineProcess::read_line(Deadline deadline) {
  for (;;) {
    if (const auto end = received_.find('\n', searched_bytes_); end != std::string::npos) {
      auto line = received_.substr(0, end);
      received_.erase(0, end + 1);
      searched_bytes_ = 0;
      return line;
    }
    searched_bytes_ = received_.size();
    if (received_.size() > process_line_bytes_max) {
      return fail("too long", fmt::format("{} says a line of more than {} bytes", name_, process_line_bytes_max));
    }
    if (waits_in_vain(process_.out(), POLLIN, deadline)) return fail("timeout", name_ + " does not answer");
    std::array<char, 65536> buffer;
    const auto got = ::read(process_.out(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return ended();
    received_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::unexpected<Error> LineProcess::ended() const {
  pollfd waited{.fd = process_.err(), .events = POLLIN, .revents = 0};
  std::array<char, 1000> buffer;
  const auto got =
      ::poll(&waited, 1, last_words_wait_ms) > 0 ? ::read(process_.err(), buffer.data(), buffer.size()) : 0;
  std::string said(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  said.resize(said.find_last_not_of('\n') + 1);
  return fail("ended", said.empty() ? name_ + " has ended" : fmt::format("{} has ended: {}", name_, said));
}

}  // namespace weft::hosts
