// A lab as a picture of characters, for terminals.
#pragma once

#include <cstddef>
#include <string>

#include "topology/scene.hpp"

namespace weft::topology {

// Boxes side by side within `columns`, each host's; one below the other where the terminal is too narrow. Without
// `has_unicode` in ASCII. Ends with a line feed.
std::string to_text_picture(const Scene& scene, std::size_t columns, bool has_unicode);

}  // namespace weft::topology
