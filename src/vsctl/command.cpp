#include "vsctl/command.hpp"

namespace weft::vsctl {

std::optional<std::string> Context::argument_if(std::size_t i) const {
  if (i >= command_.arguments.size()) return std::nullopt;
  return command_.arguments[i];
}

std::optional<std::string> Context::option(std::string_view name) const {
  const auto found = command_.options.find(name);
  if (found == command_.options.end()) return std::nullopt;
  return found->second;
}

void Context::print_line(std::string_view line) {
  output += line;
  output += '\n';
}

}  // namespace weft::vsctl
