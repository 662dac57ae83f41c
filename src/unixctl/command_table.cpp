#include "unixctl/command_table.hpp"

#include <fmt/format.h>

namespace weft::unixctl {
namespace {

template <class... Args>
std::unexpected<Error> refuse(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace

void CommandTable::add(Command command) {
  std::string name(command.name);
  commands_.insert_or_assign(std::move(name), std::move(command));
}

Result<std::string> CommandTable::run(std::string_view name, Arguments arguments) const {
  const auto found = commands_.find(name);
  if (found == commands_.end()) {
    return refuse("\"{}\" is not a valid command (use \"list-commands\" to see a list of valid commands)", name);
  }
  const auto& command = found->second;
  if (arguments.size() < command.least_arguments) {
    return refuse("\"{}\" command requires at least {} arguments", name, command.least_arguments);
  }
  if (arguments.size() > command.most_arguments) {
    return refuse("\"{}\" command takes at most {} arguments", name, command.most_arguments);
  }
  return command.run(arguments);
}

std::string CommandTable::describe() const {
  std::string table = "The available commands are:\n";
  for (const auto& [name, command] : commands_) table += fmt::format("  {:<23} {}\n", name, command.usage);
  return table;
}

}  // namespace weft::unixctl
