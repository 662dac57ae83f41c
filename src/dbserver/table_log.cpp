#include "dbserver/table_log.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "cli/value_format.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("transaction");

constexpr std::string_view heading = R"(database        table                       logging
--------        -----                       -------
)";

std::string describe_change(const ovsdb::TableSchema& table, const ovsdb::RowChange& change) {
  const auto& row = change.after ? change.after : change.before;
  auto text =
      fmt::format("table:{},op:{}", table.name, change.before ? (change.after ? "updated" : "deleted") : "inserted");
  const auto add = [&](std::size_t column) {
    const auto& schema = table.columns[column];
    text +=
        fmt::format(",{}:{}", schema.name, cli::format_datum(schema.type, row->columns[column], cli::DataStyle::bare));
  };
  for (auto column = ovsdb::first_own_column; column < table.columns.size(); ++column) add(column);
  add(ovsdb::version_column);
  add(ovsdb::uuid_column);
  return text;
}

void log_changes(const ovsdb::Database& database, const std::set<std::string>& tables,
                 const ovsdb::ChangeSet& changes) {
  for (const auto& name : tables) {
    const auto table = database.schema().find(name);
    if (!table || *table >= changes.tables.size()) continue;
    for (const auto& [uuid, change] : changes.tables[*table])
      log.info("{}", describe_change(database.schema().tables[*table], change));
  }
}

}  // namespace

TableLog::~TableLog() {
  for (const auto& [name, watched] : watched_) watched.database->unsubscribe(watched.subscription);
}

Result<> TableLog::set(const std::string& place, bool on) {
  const auto colon = place.find(':');
  if (colon == std::string::npos) return fail("usage", "invalid DB:TABLE argument");
  const auto name = place.substr(0, colon);
  const auto table = place.substr(colon + 1);
  const auto* served = service_.find(name);
  if (!served) return fail("usage", "no such database");
  if (!served->database->schema().find(table)) return fail("usage", "no such table");
  const auto [entry, is_new] = watched_.try_emplace(name);
  auto& watched = entry->second;
  if (is_new) {
    watched.database = served->database;
    watched.subscription = watched.database->subscribe([&watched](const ovsdb::ChangeSet& changes, const Uuid&) {
      log_changes(*watched.database, watched.tables, changes);
    });
  }
  if (on) {
    watched.tables.insert(table);
  } else {
    watched.tables.erase(table);
  }
  if (watched.tables.empty()) forget(name);
  return {};
}

std::string TableLog::describe() const {
  std::string text(heading);
  for (const auto& [name, served] : service_.databases()) {
    text += fmt::format("{:<16} \n", name);
    const auto watched = watched_.find(name);
    for (const auto& table : served.database->schema().tables) {
      const bool is_logged = watched != watched_.end() && watched->second.tables.contains(table.name);
      text += fmt::format("                {:<27} {}\n", table.name, is_logged ? "ON" : "OFF");
    }
  }
  return text;
}

void TableLog::forget(const std::string& database) {
  const auto watched = watched_.find(database);
  if (watched == watched_.end()) return;
  watched->second.database->unsubscribe(watched->second.subscription);
  watched_.erase(watched);
}

}  // namespace weft::dbserver
