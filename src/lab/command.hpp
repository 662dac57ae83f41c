// What is done on a host: commands as a person would type them, and scripts in which many of them are few processes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace weft::lab {

struct Command {
  enum class Tool : std::uint8_t { shell, ip, vsctl };
  Tool tool = Tool::shell;
  std::string text = {};   // A line for /bin/sh; of ip and vsctl what follows the program's name.
  std::string netns = {};  // Of ip: the network namespace that it works in. Empty: the host's.
  bool may_fail = false;   // Removal of what may be gone already.

  bool operator==(const Command&) const = default;
};
using Commands = std::vector<Command>;

Command shell(std::string text);
Command ip(std::string text);
Command ip_in(std::string netns, std::string text);
Command vsctl(std::string text);
Command may_fail(Command command);

// The line that a person would type.
std::string as_typed(const Command& command);

json::value to_json(const Command& command);
Result<Command> command_from_json(const json::value& value);

// One /bin/sh script that carries out the commands of several objects, each object's in their order. What the same tool
// does next for all of them is one process: `ip -batch`, one transaction of ovs-vsctl. It ends at the first command
// that fails, unless that one may.
std::string batch(std::span<const Commands> objects);

// Of a script of batch() that failed, by what it wrote to stderr: the command that it was, as typed, and what was said.
struct Blame {
  std::string command = {};  // Empty: not known.
  std::string words = {};
  bool operator==(const Blame&) const = default;
};
Blame blame(std::span<const Commands> objects, std::string_view stderr_text);

}  // namespace weft::lab
