#include "dbserver/replication_commands.hpp"

#include <charconv>

namespace weft::dbserver {
namespace {

using unixctl::Arguments;
using Answer = Result<std::string>;

// As Open vSwitch has it: what keeps a command from its work is often told as its result.
Answer told(const Result<>& outcome) { return outcome ? "" : outcome.error().details; }

std::string line_of(const std::string& text) { return text.empty() ? "" : text + '\n'; }

Answer set_probe_interval(Replication& replication, const std::string& text) {
  std::chrono::milliseconds::rep interval = 0;
  const auto* end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, interval); read.ec != std::errc() || read.ptr != end)
    return "Invalid probe interval, integer value expected";
  return told(replication.set_probe_interval(std::chrono::milliseconds(interval)));
}

}  // namespace

void add_replication_commands(unixctl::CommandTable& table, Replication& replication) {
  table.add({"ovsdb-server/set-active-ovsdb-server", "", 1, 1, [&](Arguments arguments) -> Answer {
               replication.set_active_server(arguments[0]);
               return "";
             }});
  table.add({"ovsdb-server/get-active-ovsdb-server", "", 0, 0,
             [&](Arguments) -> Answer { return line_of(replication.settings().active_server); }});
  table.add({"ovsdb-server/connect-active-ovsdb-server", "", 0, 0,
             [&](Arguments) -> Answer { return told(replication.connect()); }});
  table.add({"ovsdb-server/disconnect-active-ovsdb-server", "", 0, 0, [&](Arguments) -> Answer {
               replication.disconnect();
               return "";
             }});
  table.add({"ovsdb-server/set-active-ovsdb-server-probe-interval", "", 1, 1,
             [&](Arguments arguments) -> Answer { return set_probe_interval(replication, arguments[0]); }});
  table.add({"ovsdb-server/set-sync-exclude-tables", "", 0, 1, [&](Arguments arguments) -> Answer {
               return told(replication.set_excluded(TRY(parse_tables(arguments.empty() ? "" : arguments[0]))));
             }});
  table.add({"ovsdb-server/get-sync-exclude-tables", "", 0, 0,
             [&](Arguments) -> Answer { return line_of(list_of(replication.settings().excluded)); }});
  table.add({"ovsdb-server/sync-status", "", 0, 0, [&](Arguments) -> Answer { return replication.status(); }});
}

}  // namespace weft::dbserver
