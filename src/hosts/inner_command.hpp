// Words of `weft` that the lab itself calls on a host, and people do not.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weft::hosts {

// The exit status; none where the arguments are not of an inner command.
std::optional<int> run_inner_command(const std::vector<std::string>& arguments);

}  // namespace weft::hosts
