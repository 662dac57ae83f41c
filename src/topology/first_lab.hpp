// The lab that a newcomer starts with: the tutorial's two hosts, with comments. What `weft lab init` writes.
#pragma once

#include <string_view>

namespace weft::topology {

// Lives as long as the program. It is examples/two-hosts.yaml, put in by the build.
std::string_view first_lab();

}  // namespace weft::topology
