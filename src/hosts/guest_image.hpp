// The small guest that a machine without an image gets: `weft lab-guest-image DIRECTORY` makes its kernel and initrd.
#pragma once

#include <string>

namespace weft::hosts {

inline constexpr const char* guest_image_word = "lab-guest-image";

// Runs guest/build, which is part of the program, in this process's place. Returns, with an exit status, only where
// that cannot be.
int build_guest_image(const std::string& directory);

}  // namespace weft::hosts
