#include "dbtool/help.hpp"

#include <fmt/format.h>

#include "base/compatibility.hpp"
#include "base/log_options.hpp"
#include "cli/common_options.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"

namespace weft::dbtool {
namespace {

constexpr std::size_t summary_column = 41;

constexpr std::string_view usage = R"(ovsdb-tool: look after database files
usage: ovsdb-tool [OPTION]... COMMAND [ARGUMENT]...
A database that a server has open is changed by ovsdb-client, not by this program.

Commands
)";

constexpr std::string_view options = R"(
Options
  -m, --more          show-log tells more; may be given twice
  --rbac-role=ROLE    the role of query and transact
)";

}  // namespace

std::string help_text() {
  std::string text(usage);
  for (const auto& command : all_commands())
    text += fmt::format("  {:<{}}{}\n", fmt::format("{} {}", command.name, command.arguments), summary_column,
                        command.summary);
  text += fmt::format("The default DB is {}.\nThe default SCHEMA is {}.\n", default_database(), default_schema());
  return text.append(options).append(log_options_help).append(cli::last_options_help);
}

std::string version_text() {
  return fmt::format("ovsdb-tool (Open vSwitch) {}\nWeft {}\n", compatible_ovs_version, WEFT_VERSION);
}

Result<int> help(const Invocation& line) {
  fmt::print(line.out, "{}", help_text());
  return exit_success;
}

Result<int> list_commands(const Invocation& line) {
  fmt::print(line.out, "The available commands are:\n");
  for (const auto& command : all_commands()) fmt::print(line.out, "  {:<23} {}\n", command.name, command.arguments);
  return exit_success;
}

}  // namespace weft::dbtool
