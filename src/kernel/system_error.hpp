// A failed call of the kernel's network or BPF as an Error.
#pragma once

#include "base/system_error.hpp"

namespace weft::kernel {

// `what`: what could not be done with which object. `reason`: the kernel's own words, where it gave some.
std::unexpected<Error> fail_with_errno(int error_number, std::string_view what, std::string_view reason = {});

}  // namespace weft::kernel
