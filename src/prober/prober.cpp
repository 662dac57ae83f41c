#include "prober/prober.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <deque>

#include "base/system_error.hpp"
#include "prober/session.hpp"

namespace weft::prober {
namespace {

constexpr std::size_t line_bytes_max = std::size_t{4} << 20;  // A list of as many endpoints as there may be.
constexpr rlim_t open_files = 65536;                          // Seven for each endpoint, and the connections.

class Input final : public Watcher {
 public:
  explicit Input(Loop& loop) : loop_(loop) {}

  void ready(std::uint32_t) override {
    std::array<char, 65536> buffer;
    const auto got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) return loop_.stop();
    std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      lines_.push_back(begun_ + std::string(text.substr(0, end)));
      begun_.clear();
      text.remove_prefix(end + 1);
    }
    begun_ += text;
    if (begun_.size() > line_bytes_max) loop_.stop();
  }

  // None until the loop is stopped.
  std::optional<std::string> next_line() {
    while (lines_.empty() && !loop_.is_stopped()) loop_.turn(Clock::now() + std::chrono::hours{1});
    if (lines_.empty()) return std::nullopt;
    auto line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }

 private:
  Loop& loop_;
  std::deque<std::string> lines_;
  std::string begun_;
};

void tell(const Report& report) {
  const auto line = to_line(report);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

Result<> serve() {
  const rlimit files{.rlim_cur = open_files, .rlim_max = open_files};
  ::setrlimit(RLIMIT_NOFILE, &files);  // Where it is refused, a large lab says which socket cannot be opened.
  const UniqueFd host(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (!host) return fail_with_errno("cannot find the host's network namespace");
  auto loop = TRY(Loop::create());
  Input input(loop);
  TRY(loop.watch(STDIN_FILENO, EPOLLIN, input));
  Session session(loop, host, tell);
  while (const auto line = input.next_line()) {
    const auto command = parse_command(*line);
    const auto done = command ? session.run(*command) : std::unexpected(command.error());
    tell(done ? Report(Done{}) : Report(Failure{done.error().details}));
    if (std::fflush(stdout) != 0) break;
  }
  return {};
}

}  // namespace

int run() {
  const auto served = serve();
  if (served) return 0;
  fmt::print(stderr, "weft lab-probe: {}\n", served.error().details);
  return 1;
}

}  // namespace weft::prober
