// A failed system call as an Error: a tag for programs, and the system's reason for people.
#pragma once

#include <cerrno>
#include <string_view>

#include "base/error.hpp"

namespace weft {

// Tags that callers tell apart.
inline constexpr std::string_view no_such_device = "no such device";
inline constexpr std::string_view no_permission = "not permitted";
inline constexpr std::string_view no_such_entry = "no such entry";
inline constexpr std::string_view address_in_use = "address in use";

// One of these for a number of errno(3); "system" for any other.
std::string_view tag_of_errno(int number);

// `what`: what could not be done, with which object: "cannot open /dev/kvm".
std::unexpected<Error> fail_with_errno(std::string_view what, int number = errno);

}  // namespace weft
