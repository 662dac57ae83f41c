// The commands of a line: cut at "--", each checked against the command table.
#pragma once

#include <vector>

#include "vsctl/command.hpp"
#include "vsctl/options.hpp"

namespace weft::vsctl {

// One line is one transaction; more commands than this are refused.
inline constexpr std::size_t max_commands = 10'000;

// Here options are exact. Errors: "usage".
Result<std::vector<Command>> parse_commands(const std::vector<CommandOption>& first_command_options,
                                            const std::vector<std::string>& arguments);

}  // namespace weft::vsctl
