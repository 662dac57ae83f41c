// What the completion of command lines in a shell asks for.
#pragma once

#include <string>

namespace weft::vsctl {

// --commands: a line a command, "[--if-exists] [--columns=] ,list,!TABLE *RECORD": options, name and arguments. What
// stands before an argument says how often it may stand (see CommandSyntax).
std::string commands_text();

// --options: a line an option, "--timeout=ARG", "-t ARG", "--retry".
std::string options_text();

}  // namespace weft::vsctl
