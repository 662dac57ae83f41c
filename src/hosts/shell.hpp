// A shell on a host of the lab, which stays open: scripts go in one after another, their output and exit status come
// back. Simulated hosts are entered through their namespaces, real ones through ssh; callers see no difference.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "hosts/place.hpp"

namespace weft::hosts {

struct Outcome {
  int status = 0;  // Of the script: 0 to 255.
  std::string out = {}, err = {};
};

// More output than this is cut off, and said so at its end. Of each of the two streams.
inline constexpr std::size_t script_output_bytes_max = std::size_t{16} << 20U;
// The longest wait for another shell with the same Place::lock.
inline constexpr std::chrono::seconds lock_wait_max{60};

// One thread at a time; it may be another one each time.
class Shell {
 public:
  // Errors: the host does not run, ssh's own words and what to do about them, the lock is held.
  static Result<Shell> open(const Place& place);
  Shell(Shell&&) noexcept;
  Shell& operator=(Shell&&) noexcept;
  ~Shell();

  // Runs `script` with /bin/sh in a subshell of its own: variables and `cd` don't last. Standard input is empty.
  // Errors: no end within `limit` (the script's process group is ended, the shell is gone), the connection was lost. A
  // script that fails is no error here.
  Result<Outcome> run(std::string_view script, std::chrono::seconds limit);

  // The same; a status other than 0 is an Error, with the last line that the script wrote to stderr.
  Result<std::string> require(std::string_view script, std::chrono::seconds limit);

 private:
  class Session;
  explicit Shell(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace weft::hosts
