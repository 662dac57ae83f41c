#include "vsctl/help.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "base/compatibility.hpp"
#include "base/json.hpp"
#include "base/log_options.hpp"
#include "cli/common_options.hpp"
#include "ovsdb/schema.hpp"
#include "schema/vswitch.hpp"
#include "vsctl/command_table.hpp"
#include "vsctl/record_lookup.hpp"

namespace weft::vsctl {
namespace {

// What records of a table are named by stands in this column.
constexpr std::size_t table_column = 27;

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
    {CommandGroup::auto_attach, "Auto Attach (IEEE 802.1aq)"},
    {CommandGroup::datapath, "Datapaths"},
    {CommandGroup::database, "Records of the database"},
};

constexpr std::string_view usage = R"(ovs-vsctl: configure the switch through its database
usage: ovs-vsctl [OPTION]... COMMAND [ARGUMENT]... [-- COMMAND...]...
All commands of a line are one transaction.
)";

constexpr std::string_view records = R"(
A TABLE or COL may be abbreviated, in any case. @NAME stands for the UUID of
the record that --id=@NAME was given with. A RECORD is named by its UUID, or the
first 4 or more digits of it, by "." where the table has one only, or by
)";

constexpr std::string_view global_options_help = R"(
Exit status: 0; 1 after an error; 2 if br-exists finds none; 65 if the change is
in the database, but the switch has not set it up.

Options
  --db=REMOTE         the database: unix:FILE, tcp:HOST:PORT, ssl:HOST:PORT; or
                      punix:FILE, ptcp:PORT, pssl:PORT to wait until it connects
                      (default: unix:/var/run/openvswitch/db.sock, or db.sock in
                      the directory OVS_RUNDIR)
  --no-wait           don't wait until the switch has taken the change up
                      (default: wait for 60 seconds, or --timeout)
  --retry             keep trying while the database cannot be reached
  -t, --timeout=SECS  end by SIGALRM after SECS seconds
                      (default: OVS_CTL_TIMEOUT, or never; but 60 seconds for
                      each answer of the database)
  --dry-run           change nothing
  --oneline           one line of output a command
  -f, --format=FORMAT list (default), table, html, csv or json
)";

// The schema that the commands are made for.
ovsdb::DatabaseSchema schema() {
  const auto text = parse_json(vswitch_schema());
  CHECK(text);
  auto parsed = ovsdb::DatabaseSchema::from_json(*text);
  CHECK(parsed);
  return *std::move(parsed);
}

constexpr std::string_view no_syslog_help = "  --no-syslog         the same as --verbose=vsctl:syslog:warn\n";

std::string line_for(const CommandSyntax& command) {
  std::string words = "  ";
  std::string options;
  for (const auto option : options_of(command))
    options += fmt::format("{}{}{}", options.empty() ? "" : " ", option, option.ends_with('=') ? "X" : "");
  if (!options.empty()) words += fmt::format("[{}] ", options);
  words += command.name;
  if (!command.arguments.empty()) words += " " + readable_arguments(command);
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
  text += records;
  for (const auto& table : schema().tables) {
    if (const auto names = other_names(table.name); !names.empty())
      text += fmt::format("  {:<{}}{}\n", table.name, table_column, names);
  }
  return text.append(global_options_help)
      .append(cli::common_options_help)
      .append(stream::tls_options_help)
      .append(log_options_help)
      .append(no_syslog_help)
      .append(cli::last_options_help);
}

std::string version_text() {
  return fmt::format("ovs-vsctl (Open vSwitch) {}\nDB Schema {}\nWeft {}\n", compatible_ovs_version, schema().version,
                     WEFT_VERSION);
}

}  // namespace weft::vsctl
