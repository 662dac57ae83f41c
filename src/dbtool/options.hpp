// The options of ovsdb-tool; they may stand anywhere on the line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace weft::dbtool {

struct Options {
  int more = 0;           // How often -m was given.
  std::string rbac_role;  // For query and transact; empty: everything is allowed.
  std::optional<std::string> cluster_id;
  std::optional<std::uint64_t> election_timer_ms;  // Of create-cluster; within its bounds.
  enum Action { run_command, show_help, show_options, show_version } action = run_command;
};

struct OptionsAndRest {
  Options options;
  std::vector<std::string> rest;  // The command and its arguments.
};

// `arguments` without the program's name. Options about the log take effect at once. For one thread. Errors: "usage",
// "log file".
Result<OptionsAndRest> parse_options(std::span<const std::string> arguments);

// What --option prints: a line an option.
std::string options_text();

}  // namespace weft::dbtool
