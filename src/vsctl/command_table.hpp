// All commands: parsing and --help read this one table.
#pragma once

#include <span>
#include <string>

#include "vsctl/command.hpp"

namespace weft::vsctl {

std::span<const CommandSyntax> all_commands();
const CommandSyntax* find_command(std::string_view name);

enum class OptionArgument { none, required };
// Does the command know the option ("--if-exists")? Nothing if not.
std::optional<OptionArgument> option_of(const CommandSyntax& command, std::string_view option);
// The options of a command, one after the other: "--if-exists", "--columns=".
std::vector<std::string_view> options_of(const CommandSyntax& command);
// The arguments as people read them: "BRIDGE [KEY]", "TARGET...".
std::string readable_arguments(const CommandSyntax& command);

}  // namespace weft::vsctl
