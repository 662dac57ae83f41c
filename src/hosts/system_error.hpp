// A failed system call as an Error.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace weft::hosts {

// `what`: what could not be done, with which object.
inline std::unexpected<Error> fail_with_errno(std::string_view what, int number = errno) {
  return fail(number == EPERM || number == EACCES ? "not permitted" : "system",
              std::string(what) + ": " + std::strerror(number));
}

}  // namespace weft::hosts
