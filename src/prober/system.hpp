// A failed system call of the prober as an Error.
#pragma once

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace weft::prober {

// `what`: what could not be done, and with what.
inline std::unexpected<Error> cannot(std::string_view what, int error = errno) {
  return fail("system", fmt::format("cannot {}: {}", what, std::strerror(error)));
}

}  // namespace weft::prober
