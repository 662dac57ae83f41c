#include "dbserver/commands.hpp"

#include <fmt/format.h>
#include <malloc.h>

#include <ranges>

#include "base/log.hpp"
#include "ovsdb/error_message.hpp"
#include "ovsdb/server_database.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("ovsdb_server");

using unixctl::Arguments;
using Answer = Result<std::string>;

template <class Lines>
std::string lines_of(const Lines& lines) {
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  return text;
}

Answer nothing_or(const Result<>& result) {
  if (!result) return std::unexpected(result.error());
  return "";
}

Result<bool> parse_switch(const std::string& word, const char* complaint) {
  if (word == "on") return true;
  if (word == "off") return false;
  return fail("usage", complaint);
}

void add_database_commands(unixctl::CommandTable& table, const Controlled& controlled) {
  table.add({"ovsdb-server/add-db", "DB", 1, 1, [controlled](Arguments arguments) -> Answer {
               if (const auto opened = controlled.databases.open(arguments[0]); !opened)
                 return fail(opened.error().tag, ovsdb::message_of(opened.error()));
               controlled.changed();
               return "";
             }});
  table.add({"ovsdb-server/remove-db", "DB", 1, 1, [controlled](Arguments arguments) -> Answer {
               if (arguments[0] == ovsdb::server_database_name)
                 return fail("not allowed", "Cannot remove reserved database.");
               if (controlled.databases.has(arguments[0])) controlled.table_log.forget(arguments[0]);
               TRY(controlled.databases.close(arguments[0]));
               controlled.changed();
               return "";
             }});
  table.add({"ovsdb-server/list-dbs", "", 0, 0,
             [controlled](Arguments) -> Answer { return lines_of(std::views::keys(controlled.service.databases())); }});
  table.add({"ovsdb-server/get-db-storage-status", "DB", 1, 1, [controlled](Arguments arguments) -> Answer {
               if (!controlled.databases.has(arguments[0])) return fail("not found", "Failed to find the database.");
               return "status: ok\n";
             }});
}

void add_compaction_commands(unixctl::CommandTable& table, const Controlled& controlled) {
  const auto trims = std::make_shared<bool>(false);
  table.add({"ovsdb-server/compact", "", 0, 1, [controlled, trims](Arguments arguments) -> Answer {
               const auto* name = arguments.empty() ? nullptr : &arguments[0];
               if (name && *name == ovsdb::server_database_name)
                 return fail("not allowed", "cannot compact built-in databases");
               if (name && !controlled.databases.has(*name)) return fail("not found", "no database by that name");
               const auto compacted = controlled.databases.compact(name);
               if (*trims) ::malloc_trim(0);
               if (!compacted) return fail(compacted.error().tag, ovsdb::message_of(compacted.error()));
               return "";
             }});
  table.add({"ovsdb-server/memory-trim-on-compaction", "on|off", 1, 1, [trims](Arguments arguments) -> Answer {
               *trims = TRY(parse_switch(arguments[0], "invalid argument"));
               log.info("memory trimming after compaction {}.", *trims ? "enabled" : "disabled");
               return "";
             }});
}

void add_remote_commands(unixctl::CommandTable& table, const Controlled& controlled) {
  table.add({"ovsdb-server/add-remote", "REMOTE", 1, 1, [controlled](Arguments arguments) -> Answer {
               TRY(controlled.remotes.add(arguments[0]));
               controlled.changed();
               return "";
             }});
  table.add({"ovsdb-server/remove-remote", "REMOTE", 1, 1, [controlled](Arguments arguments) -> Answer {
               TRY(controlled.remotes.remove(arguments[0]));
               controlled.changed();
               return "";
             }});
  table.add({"ovsdb-server/list-remotes", "", 0, 0,
             [controlled](Arguments) -> Answer { return lines_of(controlled.remotes.all()); }});
  table.add({"ovsdb-server/reconnect", "", 0, 0, [controlled](Arguments) -> Answer {
               controlled.service.disconnect_all("user ran ovsdb-server/reconnect");
               return "";
             }});
  table.add({"ovsdb-server/disable-monitor-cond", "", 0, 0, [controlled](Arguments) -> Answer {
               controlled.service.disable_conditional_monitors();
               return "";
             }});
}

void add_watching_commands(unixctl::CommandTable& table, const Controlled& controlled) {
  table.add({"ovsdb-server/tlog-set", "DB:TABLE on|off", 2, 2, [controlled](Arguments arguments) -> Answer {
               const bool on = TRY(parse_switch(arguments[1], "invalid command argument"));
               return nothing_or(controlled.table_log.set(arguments[0], on));
             }});
  table.add({"ovsdb-server/tlog-list", "", 0, 0,
             [controlled](Arguments) -> Answer { return controlled.table_log.describe(); }});
  // Open vSwitch's answer where the machine does not let programs count its instructions.
  table.add({"ovsdb-server/perf-counters-show", "", 0, 0,
             [](Arguments) -> Answer { return "performance counter is not supported on this platform\n"; }});
  table.add({"ovsdb-server/perf-counters-clear", "", 0, 0, [](Arguments) -> Answer { return ""; }});
}

}  // namespace

void add_commands(unixctl::CommandTable& table, const Controlled& controlled) {
  add_database_commands(table, controlled);
  add_compaction_commands(table, controlled);
  add_remote_commands(table, controlled);
  add_watching_commands(table, controlled);
}

}  // namespace weft::dbserver
