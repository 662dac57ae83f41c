#include "hosts/shell.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "base/system_error.hpp"
#include "hosts/child_process.hpp"
#include "hosts/marked_output.hpp"
#include "hosts/ssh.hpp"

namespace weft::hosts {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds open_within{20};  // Of ssh, which has a limit for the connection alone.
constexpr std::chrono::seconds kill_within{10};
constexpr std::size_t last_words_bytes_max = 300;

std::string random_word() {
  std::array<unsigned char, 16> bytes{};
  (void)!::getrandom(bytes.data(), bytes.size(), 0);
  return fmt::format("weft-{:02x}", fmt::join(bytes, ""));
}

// The last line that says something, without what would upset a terminal.
std::string last_line(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  text = text.substr(text.rfind('\n') + 1);
  return std::string(text.substr(text.size() > last_words_bytes_max ? text.size() - last_words_bytes_max : 0));
}

int number_at(std::string_view text) {
  int number = -1;
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Puts the lock on descriptor 9, which scripts do not get, and takes its file away with the shell. So the file may be
// gone before one who waited has got the lock: then there is another one to wait for.
std::string lock_script(const std::string& path) {
  return fmt::format(
      "exec 9>>{0} && flock -w {1} 9 && until [ /proc/$$/fd/9 -ef {0} ]; do exec 9>>{0} && flock -w {1} 9 || break; "
      "done && trap {2} EXIT\n",
      quote(path), lock_wait_max.count(), quote("rm -f " + quote(path)));
}

}  // namespace

class Shell::Session {
 public:
  Session(Place place, ChildProcess process) : place_(std::move(place)), process_(std::move(process)) {}

  static Result<std::unique_ptr<Session>> start(const Place& place);
  Result<> greet();
  Result<Outcome> run(std::string_view script, std::chrono::seconds limit);
  const Place& place() const { return place_; }

 private:
  enum class End : unsigned char { marker, closed, late };
  End exchange(std::string_view input, MarkedOutput& out, MarkedOutput& err, Clock::time_point deadline);
  bool take(int fd, MarkedOutput& output);
  void end_script();
  std::string told() const {
    return place_.is_remote() ? fmt::format("{} (ssh {})", place_.name, place_.ssh) : place_.name;
  }

  Place place_;
  ChildProcess process_;
  int group_ = -1;  // Of the shell's processes, as its host sees it.
  bool is_gone_ = false;
};

Result<std::unique_ptr<Shell::Session>> Shell::Session::start(const Place& place) {
  if (place.is_remote()) {
    auto process = TRY(ChildProcess::start(ssh_command(place.ssh, "exec /bin/sh", Terminal::no), nullptr));
    return std::make_unique<Session>(place, std::move(process));
  }
  if (!place.is_simulated()) {
    return std::make_unique<Session>(place, TRY(ChildProcess::start({"/bin/sh"}, nullptr)));
  }
  const auto host = SimulatedHost::find(place.directory);
  if (!host) {
    return fail("not running",
                fmt::format("{}: the simulated host does not run: start it with `weft lab up`", place.name));
  }
  return std::make_unique<Session>(place, TRY(ChildProcess::start({"/bin/sh"}, &*host)));
}

Result<> Shell::Session::greet() {
  const auto marker = random_word();
  MarkedOutput out(marker, script_output_bytes_max), err(marker, script_output_bytes_max);
  auto hello = fmt::format(
      "read -r _ _ _ _ group _ </proc/$$/stat; printf '%s %d\\n' {0} $group; printf '%s\\n' {0} >&2\n", marker);
  if (!place_.lock.empty()) hello = lock_script(place_.lock) + "[ $? = 0 ] || exit 1\n" + hello;
  const auto within = place_.lock.empty() ? open_within : open_within + lock_wait_max;
  if (exchange(hello, out, err, Clock::now() + within) == End::marker) {
    group_ = number_at(out.trailer());
    return {};
  }
  process_.kill_group();
  const auto words = last_line(err.text());
  if (!place_.lock.empty() && words.empty()) {
    return fail("locked",
                fmt::format("{}: another weft is at work there, or a command it has left ({})", told(), place_.lock));
  }
  const auto advice = ssh_advice(err.text(), place_.ssh);
  return fail(place_.is_remote() ? "ssh" : "shell",
              fmt::format("{}: {}{}{}", told(), words.empty() ? "no shell within the time limit" : words,
                          advice.empty() ? "" : ": ", advice));
}

Result<Outcome> Shell::Session::run(std::string_view script, std::chrono::seconds limit) {
  if (is_gone_) return fail("connection lost", told() + ": the shell has ended before");
  if (script.find('\0') != std::string_view::npos) return fail("wrong script", told() + ": a script has no zero bytes");
  const auto marker = random_word();
  MarkedOutput out(marker, script_output_bytes_max), err(marker, script_output_bytes_max);
  const auto input = fmt::format("(eval {1}) </dev/null 9>&-; printf '%s %d\\n' {0} $?; printf '%s\\n' {0} >&2\n",
                                 marker, quote(script));
  const auto end = exchange(input, out, err, Clock::now() + limit);
  if (end == End::marker) return Outcome{number_at(out.trailer()), out.text(), err.text()};
  is_gone_ = true;
  end_script();
  if (end == End::late) {
    return fail("time limit", fmt::format("{}: no end after {} s; it was ended: {}", told(), limit.count(), script));
  }
  const auto words = last_line(err.text());
  return fail("connection lost", fmt::format("{}: the shell ended{}{}", told(), words.empty() ? "" : ": ", words));
}

// Feeds the shell and reads what it says, until both streams have had the marker.
Shell::Session::End Shell::Session::exchange(std::string_view input, MarkedOutput& out, MarkedOutput& err,
                                             Clock::time_point deadline) {
  bool out_open = true, err_open = true;
  while (!out.is_complete() || !err.is_complete()) {
    if (!out_open && !err_open) return End::closed;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return End::late;
    std::array<struct pollfd, 3> wait{{{.fd = out_open ? process_.out() : -1, .events = POLLIN, .revents = 0},
                                       {.fd = err_open ? process_.err() : -1, .events = POLLIN, .revents = 0},
                                       {.fd = input.empty() ? -1 : process_.in(), .events = POLLOUT, .revents = 0}}};
    if (::poll(wait.data(), wait.size(), static_cast<int>(std::min<long>(left, 60'000))) <= 0) continue;
    if (wait[0].revents != 0) out_open = take(process_.out(), out);
    if (wait[1].revents != 0) err_open = take(process_.err(), err);
    if (wait[2].revents != 0) {
      const auto length = process_.write(input);
      if (length >= 0) input.remove_prefix(static_cast<std::size_t>(length));
      if (length < 0 && errno == EPIPE) input = {};  // What it said before it ended is worth reading.
    }
  }
  return End::marker;
}

bool Shell::Session::take(int fd, MarkedOutput& output) {
  std::array<char, 65536> bytes;
  const auto length = ::read(fd, bytes.data(), bytes.size());
  if (length < 0) return errno == EINTR || errno == EAGAIN;
  if (length > 0) output.add({bytes.data(), static_cast<std::size_t>(length)});
  return length > 0;
}

// On a real host the end of ssh does not end what it has started there.
void Shell::Session::end_script() {
  if (place_.is_remote() && group_ > 1) {
    auto killer =
        ChildProcess::start(ssh_command(place_.ssh, fmt::format("kill -KILL -{}", group_), Terminal::no), nullptr);
    if (killer) {
      MarkedOutput ignored("\n", 0);
      struct pollfd wait{.fd = killer->out(), .events = POLLIN, .revents = 0};
      ::poll(&wait, 1, static_cast<int>(std::chrono::milliseconds(kill_within).count()));
    }
  }
  process_.kill_group();
}

Shell::Shell(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Shell::Shell(Shell&&) noexcept = default;
Shell& Shell::operator=(Shell&&) noexcept = default;
Shell::~Shell() = default;

Result<Shell> Shell::open(const Place& place) {
  auto session = TRY(Session::start(place));
  TRY(session->greet());
  return Shell(std::move(session));
}

Result<Outcome> Shell::run(std::string_view script, std::chrono::seconds limit) { return session_->run(script, limit); }

Result<std::string> Shell::require(std::string_view script, std::chrono::seconds limit) {
  auto outcome = TRY(run(script, limit));
  if (outcome.status == 0) return std::move(outcome.out);
  const auto words = last_line(outcome.err.empty() ? outcome.out : outcome.err);
  return fail("failed", fmt::format("{}: {}", session_->place().name,
                                    words.empty() ? fmt::format("exit status {}", outcome.status) : words));
}

}  // namespace weft::hosts
