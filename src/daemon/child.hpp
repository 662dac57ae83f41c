// A child process that tells when it works: whoever started it can use it then, or knows that it cannot.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::daemon {

class Child {
 public:
  // As fork(2), in both processes.
  static Result<Child> fork();
  bool is_me() const { return pid_ == 0; }

  // In the child.
  void tell_ready();

  // In the parent: waits. Nothing: the child is ready. Otherwise it ended, and how, as waitpid(2) tells it.
  std::optional<int> await_ready();
  // In the parent: waits for its end.
  int await_end() const;
  pid_t pid() const { return pid_; }

 private:
  Child(pid_t pid, UniqueFd pipe) : pid_(pid), pipe_(std::move(pipe)) {}
  pid_t pid_;
  UniqueFd pipe_;  // The child writes a byte when it is ready.
};

// "killed (Segmentation fault), core dumped", "exit status 1".
std::string describe_end(int status);

}  // namespace weft::daemon
