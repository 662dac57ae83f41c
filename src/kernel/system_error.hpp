// A failed system call as an Error: a tag for programs, and the kernel's reason for people.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace weft::kernel {

// Tags that callers tell apart.
inline constexpr std::string_view no_such_device = "no such device";
inline constexpr std::string_view no_permission = "not permitted";
inline constexpr std::string_view no_such_entry = "no such entry";
inline constexpr std::string_view address_in_use = "address in use";

// `what`: what could not be done with which object. `reason`: the kernel's own words, where it gave some.
std::unexpected<Error> fail_with_errno(int error_number, std::string_view what, std::string_view reason = {});

}  // namespace weft::kernel
