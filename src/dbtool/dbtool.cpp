#include "dbtool/dbtool.hpp"

#include <fmt/format.h>

#include "base/log_options.hpp"
#include "dbtool/command.hpp"
#include "dbtool/help.hpp"
#include "ovsdb/error_message.hpp"

namespace weft::dbtool {
namespace {

Result<const Command*> command_of(std::span<const std::string> words) {
  if (words.empty()) return fail("usage", "missing command name; use --help for help");
  const auto* command = find_command(words.front());
  if (!command) return fail("usage", fmt::format("unknown command '{}'; use --help for help", words.front()));
  const auto given = words.size() - 1;
  if (given < command->least_arguments)
    return fail("usage",
                fmt::format("'{}' command requires at least {} arguments", command->name, command->least_arguments));
  if (given > command->most_arguments)
    return fail("usage",
                fmt::format("'{}' command takes at most {} arguments", command->name, command->most_arguments));
  return command;
}

Result<int> run_command(const OptionsAndRest& line, std::FILE* out) {
  const auto* command = TRY(command_of(line.rest));
  return command->run({line.options, std::span(line.rest).subspan(1), out});
}

Result<int> run_program(std::span<const std::string> arguments, std::FILE* out) {
  TRY(start_log(LogLevel::warning));
  const auto line = TRY(parse_options(arguments));
  switch (line.options.action) {
    case Options::show_help:
      fmt::print(out, "{}", help_text());
      return exit_success;
    case Options::show_options:
      fmt::print(out, "{}", options_text());
      return exit_success;
    case Options::show_version:
      fmt::print(out, "{}", version_text());
      return exit_success;
    case Options::run_command:
      break;
  }
  return run_command(line, out);
}

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  const auto status = run_program(arguments, out);
  std::fflush(out);  // What came before an error stands before it.
  if (status) return *status;
  fmt::print(err, "ovsdb-tool: {}\n", ovsdb::file_message_of(status.error()));
  return exit_error;
}

}  // namespace weft::dbtool
