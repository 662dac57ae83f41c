// The command line of weft.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "base/error.hpp"
#include "inspect/top.hpp"

namespace weft::inspect {

struct StatusCommand {
  bool json = false;
};
struct TopCommand {
  std::string where = {};  // A bridge or a port; empty: all.
  bool json = false;
  bool once = false;
  TopOrder order = TopOrder::bytes;
};
struct DropsCommand {
  std::string where = {};
  bool json = false;
  bool watch = false;
};
struct TraceCommand {
  std::string bridge = {}, port = {}, frame = {};
  bool json = false;
};
struct Print {  // Help, or the version.
  std::string text = {};
};
using Command = std::variant<Print, StatusCommand, TopCommand, DropsCommand, TraceCommand>;

// `arguments` without the program's name. Errors: "usage".
Result<Command> parse_command_line(std::span<const std::string> arguments);

}  // namespace weft::inspect
