// A daemon's start: it goes to the background, while the process that was called waits until it is ready, or says why
// it is not. So whoever started it can use it at once, or knows that it cannot.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft {

class Background {
 public:
  // Returns in the child only, the leader of a new session. The process that was called exits: 0 once ready() is
  // called, 1 with the reason on standard error after failed(), or when the child ends without a word.
  static Result<Background> enter(const char* program);

  // From now on the standard streams are /dev/null.
  Result<> ready();
  void failed(const Error& error);

 private:
  explicit Background(UniqueFd report) : report_(std::move(report)) {}
  UniqueFd report_;  // Pipe to the waiting process.
};

}  // namespace weft
