// A process at a place that we talk with in lines: one goes to its standard input, others come from its standard
// output. It is to end when its input does, as it does with this object.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "hosts/child_process.hpp"
#include "hosts/place.hpp"

namespace weft::hosts {

// A longer line is an error: nothing that the process says may grow us without bound.
inline constexpr std::size_t process_line_bytes_max = std::size_t{1} << 20U;

class LineProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Errors: the host does not run, the program cannot be run.
  static Result<LineProcess> start(const Place& place, const std::vector<std::string>& command);

  // `line` without its newline. Errors: it does not take it before `deadline`, or has ended.
  Result<> write_line(std::string_view line, Deadline deadline);
  // The next line, without its newline. Errors: none before `deadline`; the process has ended, with its last words on
  // standard error.
  Result<std::string> read_line(Deadline deadline);

 private:
  LineProcess(std::string name, ChildProcess process) : name_(std::move(name)), process_(std::move(process)) {}
  std::unexpected<Error> ended() const;

  std::string name_;  // For messages.
  ChildProcess process_;
  std::string received_ = {};       // Bytes behind the lines that were handed over.
  std::size_t searched_bytes_ = 0;  // Of received_, that hold no newline.
};

}  // namespace weft::hosts
