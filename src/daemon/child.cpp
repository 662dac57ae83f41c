#include "daemon/child.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "base/system_error.hpp"

namespace weft::daemon {
Result<Child> Child::fork() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_with_errno("cannot make a pipe");
  UniqueFd reading(ends[0]), writing(ends[1]);
  std::fflush(nullptr);
  const auto pid = ::fork();
  if (pid < 0) return fail_with_errno("cannot fork");
  return Child(pid, pid == 0 ? std::move(writing) : std::move(reading));
}

void Child::tell_ready() {
  while (::write(pipe_.get(), "", 1) < 0 && errno == EINTR) {
  }
  pipe_.reset();
}

std::optional<int> Child::await_ready() {
  char byte = 0;
  ssize_t length = 0;
  while ((length = ::read(pipe_.get(), &byte, 1)) < 0 && errno == EINTR) {
  }
  if (length > 0) return std::nullopt;
  return await_end();
}

int Child::await_end() const {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string describe_end(int status) {
  if (WIFEXITED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  return fmt::format("killed ({}){}", ::strsignal(WTERMSIG(status)), WCOREDUMP(status) ? ", core dumped" : "");
}

}  // namespace weft::daemon
