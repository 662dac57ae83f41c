// Modules of Open vSwitch's programs that ours need not have: -vpoll_loop:off is no mistake of its caller.
#pragma once

#include <string_view>

namespace weft {

// `name` in lower case.
bool is_log_module_of_open_vswitch(std::string_view name);

}  // namespace weft
