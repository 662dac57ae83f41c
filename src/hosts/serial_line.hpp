// A guest's serial port as its hypervisor keeps it: what the guest writes is appended to a file, which any number may
// read along; what is typed goes to a unix socket, which serves one client at a time and lets others wait. So visits to
// the socket are short, and nobody keeps another out.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::hosts {

using Deadline = std::chrono::steady_clock::time_point;

class SerialLine {
 public:
  // Begins to read `tail_bytes` before the file's end. Errors: there is no such file: the machine does not run.
  static Result<SerialLine> open(const std::string& socket, const std::string& log, std::uint64_t tail_bytes = 0);

  // What was written since the last call, at most 64 KiB; empty: nothing. Follows where the file is begun anew.
  Result<std::string> read();
  // Returns when the guest has taken all of it. Errors: nobody listens, or it is not taken in time.
  Result<> type(std::string_view text, Deadline deadline) const;
  // Keeps others that ask for this out, while the object lives or until the deadline has passed: those who wait for an
  // answer of the guest must not mix their questions.
  Result<> reserve(Deadline deadline);

 private:
  SerialLine(std::string socket, std::string log, UniqueFd file)
      : socket_(std::move(socket)), log_(std::move(log)), file_(std::move(file)) {}
  std::string socket_, log_;
  UniqueFd file_;
};

}  // namespace weft::hosts
