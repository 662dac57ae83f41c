// What stands before the first command: options for the whole run, and those of the first command.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/common_options.hpp"

namespace weft::vsctl {

using namespace cli;  // The vocabulary of values and tables on the terminal.

struct Options : CommonOptions {
  std::string remote;  // --db
  bool wait_for_switch = true;
  bool retry = false;
  bool dry_run = false;
  bool oneline = false;
  enum class Listing { none, commands, options } listing = Listing::none;  // What to print and do nothing else.
};

// Those that may stand before the first command, save the command's own.
std::vector<option> global_options();

// An option of a command: "--columns", "name,tag".
struct CommandOption {
  std::string name;
  std::optional<std::string> argument;
};

struct OptionsAndRest {
  Options options;
  std::vector<CommandOption> first_command_options;
  std::vector<std::string> rest;  // From the first command, or the "--" behind it, on.
};

// `arguments` without the program's name. Long options may be abbreviated as long as they are unique. Reads the
// environment: OVS_RUNDIR for the default of --db, OVS_CTL_TIMEOUT for that of --timeout. For one thread: uses
// getopt_long(3). Errors: "usage".
Result<OptionsAndRest> parse_options(std::span<const std::string> arguments);

}  // namespace weft::vsctl
