// The commands that a running daemon takes from ovs-appctl(8): each a row with its name, its arguments and what it
// does.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft::unixctl {

using Arguments = std::span<const std::string>;

struct Command {
  std::string_view name;
  std::string_view usage;  // Of the arguments, as list-commands shows it.
  std::size_t least_arguments;
  std::size_t most_arguments;
  // The text for whoever asked. An error's details are the text then.
  std::function<Result<std::string>(Arguments)> run;
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

class CommandTable {
 public:
  // One of the same name is replaced.
  void add(Command command);

  // The answer, or in an error's details what is wrong, in Open vSwitch's words: no such command, a wrong number of
  // arguments, or the command's own.
  Result<std::string> run(std::string_view name, Arguments arguments) const;

  // The table of list-commands.
  std::string describe() const;

 private:
  std::map<std::string, Command, std::less<>> commands_;
};

}  // namespace weft::unixctl
