// How the parts of `weft` begin and end.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "base/log_options.hpp"

namespace weft::cli {

// Exit statuses.
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int wrong_usage = 2;

// Carries out what `parse`, a function without parameters, makes of the command line: `carry_out` takes that and
// returns a Result of the exit status. Errors are told on `err` after `name`; their status is wrong_usage for those
// tagged "usage". What could not be written to standard output, as on a full disk, is an error, too.
template <class Parse, class CarryOut>
int run_program(const char* name, std::FILE* err, const Parse& parse, const CarryOut& carry_out) {
  const auto run = [&]() -> Result<int> {
    TRY(start_log(LogLevel::emergency));  // What the layers below would log is in the errors.
    const auto command = TRY(parse());
    const int status = TRY(carry_out(command));
    if (std::fflush(stdout) != 0)
      return fail("system", fmt::format("cannot write to standard output: {}", std::strerror(errno)));
    return status;
  };
  const auto status = run();
  if (status) return *status;
  fmt::print(err, "{}: {}\n", name, status.error().details);
  return status.error().tag == "usage" ? wrong_usage : failed;
}

}  // namespace weft::cli
