// weft trace: what the switch decides about a frame, told line by line.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/style.hpp"

namespace weft::inspect {

// `answer`: weftd's to weft/trace.
std::vector<std::string> show_trace(const json::value& answer, const cli::Style& style);

}  // namespace weft::inspect
