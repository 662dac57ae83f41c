#include "base/background.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

namespace weft {
namespace {

constexpr char ready_message = '\0';  // Anything else is the reason of the failure.

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 512> buffer{};
  for (;;) {
    const auto length = ::read(fd, buffer.data(), buffer.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(length));
  }
}

[[noreturn]] void wait_for_report(const char* program, const UniqueFd& report) {
  const auto text = read_to_end(report.get());
  if (text.size() == 1 && text[0] == ready_message) ::_exit(0);
  std::fprintf(stderr, "%s: %s\n", program, text.empty() ? "ended while it was starting; see its log" : text.c_str());
  ::_exit(1);
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto length = ::write(fd, text.data(), text.size());
    if (length < 0 && errno != EINTR) return;  // Nobody waits any more.
    if (length > 0) text.remove_prefix(static_cast<std::size_t>(length));
  }
}

std::unexpected<Error> fail_with_errno(const char* what) {
  return fail("background", std::string("cannot ") + what + ": " + std::strerror(errno));
}

}  // namespace

Result<Background> Background::enter(const char* program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_with_errno("make a pipe");
  UniqueFd reading(ends[0]), writing(ends[1]);
  std::fflush(nullptr);
  const auto child = ::fork();
  if (child < 0) return fail_with_errno("fork");
  if (child > 0) {
    writing.reset();
    wait_for_report(program, reading);
  }
  ::setsid();
  return Background(std::move(writing));
}

Result<> Background::ready() {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return fail_with_errno("open /dev/null");
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null.get(), standard);
  write_all(report_.get(), std::string_view(&ready_message, 1));
  report_.reset();
  return {};
}

void Background::failed(const Error& error) {
  write_all(report_.get(), error.details.empty() ? error.tag : error.details);
  report_.reset();
}

}  // namespace weft
