// A lab as Mermaid text (mermaid.js.org, flowchart), which pages of code hosts draw.
#pragma once

#include <string>

#include "topology/scene.hpp"

namespace weft::topology {

std::string to_mermaid(const Scene& scene);

}  // namespace weft::topology
