// The command line of weft lab.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "base/error.hpp"
#include "lab/down.hpp"
#include "lab/file_commands.hpp"
#include "lab/node_commands.hpp"
#include "lab/up.hpp"
#include "lab/verify_command.hpp"
#include "lab/views.hpp"

namespace weft::lab {

struct Print {  // Help.
  std::string text = {};
};
using LabCommand = std::variant<Print, UpCommand, VerifyCommand, DownCommand, StatusCommand, ListCommand, ExecCommand,
                                ShellCommand, ConsoleCommand, CaptureCommand, InitCommand, GraphCommand, SchemaCommand>;

// `arguments` without "weft lab". Errors: "usage".
Result<LabCommand> parse_command_line(std::span<const std::string> arguments);

}  // namespace weft::lab
