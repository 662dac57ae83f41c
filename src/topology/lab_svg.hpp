// A lab as a picture for pages and papers: SVG, readable on light and on dark backgrounds.
#pragma once

#include <string>

#include "topology/scene.hpp"

namespace weft::topology {

// A card for each host, the underlay between them, the networks below.
std::string to_svg(const Scene& scene);

}  // namespace weft::topology
