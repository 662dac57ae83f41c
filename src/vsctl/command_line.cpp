#include "vsctl/command_line.hpp"

#include <fmt/format.h>

#include "vsctl/command_table.hpp"
#include "vsctl/tokens.hpp"

namespace weft::vsctl {
namespace {

template <class... Args>
std::unexpected<Error> usage(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

// "--columns=name" -> {"--columns", "name"}
CommandOption split_option(const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) return {argument, {}};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

Result<> check_option(const CommandSyntax& command, const CommandOption& option) {
  const auto known = option_of(command, option.name);
  if (!known) return usage("'{}' command has no '{}' option", command.name, option.name);
  if (*known == OptionArgument::required && !option.argument) {
    return usage("missing argument to '{}' option on '{}' command", option.name, command.name);
  }
  if (*known == OptionArgument::none && option.argument) {
    return usage("'{}' option on '{}' does not accept an argument", option.name, command.name);
  }
  return {};
}

// Arguments go to the server in JSON, and into its log.
Result<> check_text(const Command& command) {
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    if (is_utf8(command.arguments[i])) continue;
    return usage("argument {} of '{}' is not valid UTF-8 text", i + 1, command.syntax->name);
  }
  return {};
}

Result<> check_count(const Command& command) {
  const auto& syntax = *command.syntax;
  const auto count = command.arguments.size();
  if (count < syntax.min_arguments) {
    return usage("'{}' command requires at least {} arguments", syntax.name, syntax.min_arguments);
  }
  if (count <= syntax.max_arguments) return {};
  const bool has_late_option =
      std::ranges::any_of(command.arguments, [](const std::string& text) { return text.starts_with("--"); });
  return usage("'{}' command takes at most {} arguments{}", syntax.name, syntax.max_arguments,
               has_late_option ? " (note that options must precede command names and follow a \"--\" argument)" : "");
}

Result<Command> parse_command(std::vector<CommandOption> options, std::span<const std::string> words) {
  std::size_t i = 0;
  for (; i < words.size() && words[i].starts_with('-'); ++i) {
    auto option = split_option(words[i]);
    if (std::ranges::find(options, option.name, &CommandOption::name) != options.end()) {
      return usage("'{}' option specified multiple times", words[i]);
    }
    options.push_back(std::move(option));
  }
  if (i == words.size()) return usage("missing command name (use --help for help)");
  Command command;
  command.syntax = find_command(words[i]);
  if (!command.syntax) return usage("unknown command '{}'; use --help for help", words[i]);
  command.arguments.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
  for (auto& option : options) {
    TRY(check_option(*command.syntax, option));
    command.options[option.name] = std::move(option.argument).value_or("");
  }
  TRY(check_count(command));
  TRY(check_text(command));
  return command;
}

}  // namespace

Result<std::vector<Command>> parse_commands(const std::vector<CommandOption>& first_command_options,
                                            const std::vector<std::string>& arguments) {
  std::vector<Command> commands;
  auto options = first_command_options;
  const std::span<const std::string> all(arguments);
  for (std::size_t start = 0; start <= all.size();) {
    const auto end = static_cast<std::size_t>(std::ranges::find(all.subspan(start), "--") - all.begin());
    if (end > start) {  // Nothing between two "--" is fine.
      if (commands.size() == max_commands) return usage("more than {} commands in one line", max_commands);
      commands.push_back(TRY(parse_command(std::exchange(options, {}), all.subspan(start, end - start))));
    }
    start = end + 1;
  }
  if (commands.empty()) return usage("missing command name (use --help for help)");
  return commands;
}

}  // namespace weft::vsctl
