// The texts of guest/build and guest/init, which are part of the program.
#pragma once

#include <string_view>

namespace weft::hosts {

std::string_view guest_build_script();
std::string_view guest_init_script();

}  // namespace weft::hosts
