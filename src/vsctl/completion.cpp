#include "vsctl/completion.hpp"

#include <fmt/format.h>

#include "vsctl/command_table.hpp"
#include "vsctl/options.hpp"

namespace weft::vsctl {
namespace {

constexpr int first_long_only_id = 256;  // Below: the option's letter.

}  // namespace

std::string commands_text() {
  std::string text;
  for (const auto& command : all_commands()) {
    for (const auto option : options_of(command)) text += fmt::format("[{}] ", option);
    text += fmt::format(",{},{}\n", command.name, command.arguments);
  }
  return text;
}

std::string options_text() {
  std::string text;
  for (const auto& option : global_options()) {
    const bool takes_argument = option.has_arg != no_argument;
    text += fmt::format("--{}{}\n", option.name, takes_argument ? "=ARG" : "");
    if (option.val < first_long_only_id)
      text += fmt::format("-{}{}\n", static_cast<char>(option.val), takes_argument ? " ARG" : "");
  }
  return text;
}

}  // namespace weft::vsctl
