#include "dbclient/monitored_table.hpp"

#include <fmt/format.h>

#include "ovsdb/datum_diff.hpp"

namespace weft::dbclient {
namespace {

constexpr std::string_view kinds_of_changes[] = {"initial", "insert", "delete", "modify"};

bool is_kind(std::string_view word) {
  return word.starts_with('!') && std::ranges::find(kinds_of_changes, word.substr(1)) != std::end(kinds_of_changes);
}

}  // namespace

Result<MonitoredTable> MonitoredTable::parse(const std::string& database, const ovsdb::TableSchema& schema,
                                             std::span<const std::string> groups, const json::value* condition) {
  MonitoredTable table(schema);
  for (const auto& group : groups) TRY(table.add_group(database, group, condition));
  if (groups.empty()) TRY(table.add_group(database, "", condition));
  return table;
}

Result<> MonitoredTable::add_group(const std::string& database, const std::string& group,
                                   const json::value* condition) {
  std::vector<std::size_t> columns;
  json::object select;
  for (const auto kind : kinds_of_changes) select.emplace(kind, true);
  for (std::size_t begin = 0; begin < group.size();) {
    const auto end = std::min(group.find(',', begin), group.size());
    const auto word = group.substr(begin, end - begin);
    begin = end + 1;
    if (is_kind(word)) {
      select[word.substr(1)] = false;
    } else if (const auto column = schema_->find(word)) {
      columns.push_back(*column);
    } else {
      return fail("usage",
                  fmt::format("table \"{}\" in {} does not have a column named \"{}\"", name(), database, word));
    }
  }
  if (columns.empty()) {
    for (auto column = ovsdb::first_own_column; column < schema_->columns.size(); ++column) columns.push_back(column);
    columns.push_back(ovsdb::version_column);
  }
  json::array names;
  for (const auto column : columns) {
    const auto& column_name = schema_->columns[column].name;
    if (std::ranges::find(columns_, column) != columns_.end())
      return fail("usage", fmt::format("column \"{}\" mentioned multiple times", column_name));
    columns_.push_back(column);
    names.emplace_back(column_name);
  }
  json::object request{{"columns", std::move(names)}, {"select", std::move(select)}};
  if (condition) request["where"] = *condition;
  requests_.push_back(std::move(request));
  return {};
}

Result<std::vector<cli::Cell>> MonitoredTable::line(std::string_view uuid, std::string_view action,
                                                    const json::value& row) const {
  std::vector<cli::Cell> cells{cli::Cell(std::string(uuid)), cli::Cell(std::string(action))};
  const auto* members = row.if_object();
  for (const auto column : columns_) {
    const auto& [column_name, type, ephemeral, is_mutable, default_value] = schema_->columns[column];
    const auto* value = members ? members->if_contains(column_name) : nullptr;
    if (!value) {
      cells.emplace_back();
      continue;
    }
    // A modification may tell less or more than a value of the column: a difference.
    cells.emplace_back(&type, TRY(ovsdb::difference_type(type).datum_from_json(*value)));
  }
  return cells;
}

Result<cli::Table> MonitoredTable::rows(const json::value& update, bool is_initial) const {
  cli::Table table{.headings = {"row", "action"}, .rows = {}};
  for (const auto column : columns_) table.headings.push_back(schema_->columns[column].name);
  const auto* rows = update.if_object();
  if (!rows) return fail("protocol error", "a table's update is " + excerpt(update));
  for (const auto& [uuid, change] : *rows) {
    const auto* object = change.if_object();
    if (!object) return fail("protocol error", "a row's update is " + excerpt(change));
    const auto* before = object->if_contains("old");
    const auto* after = object->if_contains("new");
    if (before && after) {
      table.rows.push_back(TRY(line(uuid, "old", *before)));
      table.rows.push_back(TRY(line("", "new", *after)));
    } else if (after) {
      table.rows.push_back(TRY(line(uuid, is_initial ? "initial" : "insert", *after)));
    } else if (before) {
      table.rows.push_back(TRY(line(uuid, "delete", *before)));
    } else {
      for (const auto& [action, row] : *object) table.rows.push_back(TRY(line(uuid, action, row)));
    }
  }
  return table;
}

}  // namespace weft::dbclient
