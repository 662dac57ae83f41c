#include "cli/screen.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/style.hpp"

namespace weft::cli {
namespace {

constexpr std::string_view enter = "\033[?1049h\033[?25l";  // The other page, and no cursor.
constexpr std::string_view leave = "\033[?25h\033[?1049l";
constexpr char escape_key = '\033';
constexpr char end_of_input = '\004';

void write_all(std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno != EINTR) return;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

winsize size_of_terminal() {
  winsize size{};
  const bool is_known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
  return is_known ? size : winsize{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
}

}  // namespace

bool Screen::is_possible() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

Result<Screen> Screen::open() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH}) sigaddset(&set, signal);
  UniqueFd signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  termios before{};
  if (!signals || ::sigprocmask(SIG_BLOCK, &set, nullptr) != 0 || ::tcgetattr(STDIN_FILENO, &before) != 0) {
    return fail("terminal", fmt::format("cannot take the terminal: {}", std::strerror(errno)));
  }
  auto raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  write_all(enter);
  return Screen(std::move(signals), before);
}

Screen::Screen(UniqueFd signals, const termios& before) : signals_(std::move(signals)), before_(before) {}
Screen::Screen(Screen&& other) noexcept = default;

Screen::~Screen() {
  if (!signals_) return;  // Moved from.
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  write_all(leave);
}

std::size_t Screen::height() const { return size_of_terminal().ws_row; }

void Screen::draw(const std::vector<std::string>& lines) {
  const auto size = size_of_terminal();
  std::string text = "\033[H";
  for (std::size_t i = 0; i < lines.size() && i < size.ws_row; ++i) {
    text += fmt::format("{}{}\033[K", i > 0 ? "\r\n" : "", clip(lines[i], size.ws_col));
  }
  write_all(text + "\033[J");  // In one piece: nothing flickers.
}

Screen::Event Screen::wait(std::chrono::steady_clock::time_point until) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Event::time_is_up;
    std::array<pollfd, 2> waited = {
        {{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}, {.fd = signals_.get(), .events = POLLIN, .revents = 0}}};
    if (::poll(waited.data(), waited.size(), static_cast<int>(left.count())) <= 0) continue;
    signalfd_siginfo signal{};
    if (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
      return signal.ssi_signo == SIGWINCH ? Event::resized : Event::quit;
    }
    if ((waited[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) <= 0) return Event::quit;
    if (key == 'q' || key == 'Q' || key == escape_key || key == end_of_input) return Event::quit;
  }
}

}  // namespace weft::cli
