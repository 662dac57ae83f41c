#include "hosts/guest_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <iterator>
#include <thread>

#include "hosts/place.hpp"
#include "hosts/serial_line.hpp"

namespace weft::hosts {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{5};
constexpr std::chrono::milliseconds quiet_for{150};  // A line that stands still so long is a prompt.
constexpr std::chrono::seconds asks_again_after{3};  // What was typed before the guest listened is lost.
constexpr std::chrono::seconds shell_within{30};     // A guest that shows no prompt until then is not listening.
constexpr std::size_t said_bytes_max = std::size_t{1} << 20U;

class Dialogue {
 public:
  Dialogue(SerialLine line, Deadline deadline) : line_(std::move(line)), deadline_(deadline) {}

  Result<Outcome> run(const Login& login, std::string_view command) {
    TRY(line_.reserve(deadline_));
    const auto whole = std::exchange(deadline_, std::min(deadline_, Clock::now() + shell_within));
    TRY(reach_shell(login));
    deadline_ = whole;
    const auto mark = fmt::format("{:x}-{}", Clock::now().time_since_epoch().count(), ::getpid());
    said_.clear();
    TRY(line_.type(question(command, mark), deadline_));
    for (;;) {
      TRY(listen());
      if (auto answer = find_answer(said_, mark)) return std::move(*answer);
      if (said_.size() > said_bytes_max) return fail("guest", "the command says too much for a serial console");
    }
  }

 private:
  // Reads what has come, after a moment; an error past the deadline.
  Result<> listen() {
    if (Clock::now() > deadline_) return fail("time limit", fmt::format("the guest is silent after: {}", last_line()));
    std::this_thread::sleep_for(between_looks);
    said_ += plain_text(TRY(line_.read()));
    return {};
  }

  std::string last_line() const { return said_.substr(said_.rfind('\n') + 1); }

  // The line on which the guest waits for input.
  Result<std::string> prompt() {
    auto changed = Clock::now();
    auto asked = Clock::time_point{};
    for (;;) {
      const auto now = Clock::now();
      if (!last_line().empty() && now - changed > quiet_for) return last_line();
      if (last_line().empty() && now - asked > asks_again_after) {
        TRY(line_.type("\n", deadline_));
        asked = now;
      }
      const auto before = said_.size();
      TRY(listen());
      if (said_.size() != before) changed = Clock::now();
    }
  }

  Result<> answer(const std::string& text) {
    said_.clear();
    TRY(line_.type(text + "\n", deadline_));
    // The echo of what was typed is no prompt.
    while (said_.find('\n') == std::string::npos) TRY(listen());
    said_.erase(0, said_.find('\n') + 1);
    return {};
  }

  Result<> reach_shell(const Login& login) {
    bool has_given_name = false, has_given_password = false;
    for (;;) {
      const auto waiting = TRY(prompt());
      if (waiting.ends_with("ogin: ")) {
        if (login.name.empty()) {
          return fail("guest", "the console wants a login: give the machine `login` and `password` in the lab's file");
        }
        if (has_given_password) return fail("guest", fmt::format("the console refuses the login {}", login.name));
        TRY(answer(login.name));
        has_given_name = true;
      } else if (waiting.ends_with("assword: ")) {
        // It may still wait for the password of somebody else's attempt.
        TRY(answer(has_given_name ? login.password : ""));
        has_given_password = has_given_name;
      } else {
        return {};
      }
    }
  }

  SerialLine line_;
  Deadline deadline_;
  std::string said_;
};

}  // namespace

std::string plain_text(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') continue;
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      // A control sequence ends with its first letter: ECMA-48 section 5.4.
      for (i += 2; i < text.size() && (text[i] < '@' || text[i] > '~');) ++i;
      continue;
    }
    plain += text[i];
  }
  return plain;
}

std::string question(std::string_view command, std::string_view mark) {
  // What the guest's shell echoes has a space where the answer has none.
  return fmt::format("printf '\\n%s%s\\n' begin- {0}; sh -c {1} </dev/null 2>&1; printf '\\n%s%s-%d\\n' end- {0} $?\n",
                     mark, quote(command));
}

std::optional<Outcome> find_answer(std::string_view said, std::string_view mark) {
  const auto head = fmt::format("begin-{}\n", mark);
  const auto tail = fmt::format("\nend-{}-", mark);
  const auto begin = said.find(head);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto from = begin + head.size();
  const auto end = said.find(tail, from - 1);
  const auto line_end = end == std::string_view::npos ? end : said.find('\n', end + 1);
  if (line_end == std::string_view::npos) return std::nullopt;
  Outcome outcome;
  std::from_chars(said.data() + end + tail.size(), said.data() + line_end, outcome.status);
  if (end > from) outcome.out = said.substr(from, end - from);
  return outcome;
}

Result<Outcome> run_in_guest(const std::string& socket, const std::string& log, const Login& login,
                             std::string_view command, std::chrono::seconds limit) {
  return Dialogue(TRY(SerialLine::open(socket, log)), Clock::now() + limit).run(login, command);
}

std::string guest_script(const std::string& socket, const std::string& log, const Login& login,
                         std::string_view command) {
  return fmt::format("printf '%s\\n' {} {} {} | weft {} {} {}", quote(login.name), quote(login.password),
                     quote(command), guest_run_word, quote(socket), quote(log));
}

int run_guest_command(const std::string& socket, const std::string& log) {
  Login login;
  std::getline(std::cin, login.name);
  std::getline(std::cin, login.password);
  const std::string command(std::istreambuf_iterator<char>(std::cin), {});
  const auto outcome = run_in_guest(socket, log, login, command, guest_run_limit);
  if (!outcome) {
    fmt::print(stderr, "weft: {}\n", outcome.error().details);
    return guest_not_asked;
  }
  fmt::print("{}", outcome->out);
  return outcome->status;
}

}  // namespace weft::hosts
