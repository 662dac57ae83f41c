#include "vsctl/help.hpp"

#include <fmt/format.h>

#include "base/compatibility.hpp"
#include "cli/common_options.hpp"
#include "vsctl/command_table.hpp"

namespace weft::vsctl {
namespace {

// The database that the commands are made for: callers look for it.
constexpr std::string_view schema_version = "8.3.1";

// The summaries stand in this column, or on a line of their own.
constexpr std::size_t summary_column = 38;

constexpr struct {
  CommandGroup group;
  std::string_view title;
} groups[] = {
    {CommandGroup::open_vswitch, "The whole switch"},
    {CommandGroup::bridge, "Bridges"},
    {CommandGroup::port, "Ports"},
    {CommandGroup::interface, "Interfaces"},
    {CommandGroup::controller, "OpenFlow controllers"},
    {CommandGroup::manager, "Managers"},
    {CommandGroup::ssl, "SSL"},
    {CommandGroup::database, "Records of the database"},
};

constexpr std::string_view usage = R"(ovs-vsctl: configure the switch through its database
usage: ovs-vsctl [OPTION]... COMMAND [ARGUMENT]... [-- COMMAND...]...
All commands of a line are one transaction.
)";

constexpr std::string_view options = R"(
A TABLE or COL may be abbreviated, in any case. A RECORD is named by its UUID
(or the first 4 or more digits of it), by its name or the name of what it
belongs to, or by "." where there is one only. @NAME stands for the UUID of the
record that --id=@NAME was given with.

Options
  --db=REMOTE         the database, unix:FILE or tcp:HOST:PORT
                      (default: unix:/var/run/openvswitch/db.sock, or db.sock in
                      the directory OVS_RUNDIR)
  --no-wait           don't wait until the switch has taken the change up
  --retry             keep trying while the database cannot be reached
  -t, --timeout=SECS  end by SIGALRM after SECS seconds
                      (default: OVS_CTL_TIMEOUT, or never)
  --dry-run           change nothing
  --oneline           one line of output a command
  -f, --format=FORMAT list (default), table, html, csv or json
)";

std::string line_for(const CommandSyntax& command) {
  std::string words = "  ";
  for (const auto option : options_of(command))
    words += fmt::format("[{}{}] ", option, option.ends_with('=') ? "X" : "");
  words += command.name;
  if (!command.arguments.empty()) words += fmt::format(" {}", command.arguments);
  if (words.size() + 2 > summary_column)
    return fmt::format("{}\n{:{}}{}\n", words, "", summary_column, command.summary);
  return fmt::format("{:<{}}{}\n", words, summary_column, command.summary);
}

}  // namespace

std::string help_text() {
  std::string text(usage);
  for (const auto& [group, title] : groups) {
    text += fmt::format("\n{}\n", title);
    for (const auto& command : all_commands()) {
      if (command.group == group) text += line_for(command);
    }
  }
  return text.append(options).append(cli::common_options_help);
}

std::string version_text() {
  return fmt::format("ovs-vsctl (Open vSwitch) {}\nDB Schema {}\nWeft {}\n", compatible_ovs_version, schema_version,
                     WEFT_VERSION);
}

}  // namespace weft::vsctl
