#include "hosts/console.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>

#include "hosts/serial_line.hpp"

namespace weft::hosts {
namespace {

constexpr std::uint64_t shown_at_first_bytes = 2000;  // So that a prompt that waits is seen.
constexpr int between_looks_ms = 20;
constexpr std::chrono::seconds typing_limit{10};

// Each key goes to the guest as it is; put back at the end.
class RawTerminal {
 public:
  RawTerminal() {
    struct termios now{};
    if (::tcgetattr(STDIN_FILENO, &now) != 0) return;
    before_ = now;
    ::cfmakeraw(&now);
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  ~RawTerminal() {
    if (before_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &*before_);
  }
  bool is_one() const { return before_.has_value(); }

 private:
  std::optional<struct termios> before_;
};

// A guest's shell asks the terminal where its cursor is (DSR, ECMA-48 section 8.3.35). Each terminal that reads along
// would answer, and what it answers would be typed.
std::string without_questions(std::string said) {
  constexpr std::string_view question = "\x1b[6n";
  for (auto at = said.find(question); at != std::string::npos; at = said.find(question, at))
    said.erase(at, question.size());
  return said;
}

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const auto length = ::write(STDOUT_FILENO, text.data(), text.size());
    if (length < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

// What is typed, up to the key that leaves. Nothing: it is time to leave.
std::optional<std::string> typed() {
  struct pollfd wait{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&wait, 1, between_looks_ms) <= 0) return "";
  std::array<char, 1024> bytes{};
  const auto length = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  if (length <= 0) return std::nullopt;
  const std::string_view text(bytes.data(), static_cast<std::size_t>(length));
  if (text.find(leave_key) != std::string_view::npos) return std::nullopt;
  return std::string(text);
}

Result<> copy(SerialLine& line) {
  for (;;) {
    for (auto said = TRY(line.read()); !said.empty(); said = TRY(line.read())) {
      if (!write_all(without_questions(std::move(said)))) return {};
    }
    const auto keys = typed();
    if (!keys) return {};
    if (!keys->empty()) TRY(line.type(*keys, std::chrono::steady_clock::now() + typing_limit));
  }
}

}  // namespace

int run_console(const std::string& socket, const std::string& log) {
  auto line = SerialLine::open(socket, log, shown_at_first_bytes);
  Result<> end;
  if (line) {
    const RawTerminal terminal;
    if (terminal.is_one()) fmt::print(stderr, "The console of a guest. Leave it with Ctrl-].\r\n");
    end = copy(*line);
    if (terminal.is_one()) fmt::print(stderr, "\r\n");
  } else {
    end = std::unexpected(line.error());
  }
  if (end) return 0;
  fmt::print(stderr, "weft: {}\n", end.error().details);
  return 1;
}

}  // namespace weft::hosts
