// The commands of ovsdb-tool: parsing, --help and list-commands read one table.
#pragma once

#include <cstdio>
#include <string_view>

#include "base/error.hpp"
#include "dbtool/options.hpp"

namespace weft::dbtool {

inline constexpr int exit_success = 0;
inline constexpr int exit_error = 1;
inline constexpr int exit_no = 2;  // The answer to a question.

struct Invocation {
  const Options& options;
  std::span<const std::string> arguments;  // Without the command's name; as many as the table allows.
  std::FILE* out;

  // An argument, or nothing where it was left out.
  const std::string* argument(std::size_t position) const {
    return position < arguments.size() ? &arguments[position] : nullptr;
  }
};

// Returns the exit status.
using Handler = Result<int>(const Invocation&);

struct Command {
  std::string_view name;
  std::size_t least_arguments;
  std::size_t most_arguments;
  std::string_view arguments;  // "[db [schema]]"
  std::string_view summary;
  Handler* run;
};

std::span<const Command> all_commands();
const Command* find_command(std::string_view name);

}  // namespace weft::dbtool
