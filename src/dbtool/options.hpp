// The options of ovsdb-tool; they may stand anywhere on the line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::dbtool {

struct Options {
  int more = 0;  // How often -m was given.
  std::optional<std::string> rbac_role;
  enum Action { run_command, show_help, show_version } action = run_command;
};

struct OptionsAndRest {
  Options options;
  std::vector<std::string> rest;  // The command and its arguments.
};

// `arguments` without the program's name. Nothing: getopt_long(3) has told the mistake on standard error. For one
// thread.
std::optional<OptionsAndRest> parse_options(std::span<const std::string> arguments);

}  // namespace weft::dbtool
