// The options of ovsdb-client(1).
#pragma once

#include "cli/common_options.hpp"

namespace weft::dbclient {

struct Options : cli::CommonOptions {
  bool timestamp = false;  // Of each table that "monitor" prints.
  bool force = false;      // "restore" where the schemas differ.
};

struct OptionsAndRest {
  Options options;
  std::vector<std::string> rest;  // The command and its arguments.
};

// `arguments` without the program's name. Reads OVS_CTL_TIMEOUT. Errors: "usage".
Result<OptionsAndRest> parse_options(std::span<const std::string> arguments);

}  // namespace weft::dbclient
