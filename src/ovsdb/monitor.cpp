#include "ovsdb/monitor.hpp"

#include "ovsdb/error_tags.hpp"
#include "ovsdb/row_update.hpp"
#include "ovsdb/rpc_message.hpp"

namespace weft::ovsdb {
namespace {

// The event as the client sees it who sees the row before, after, or both; none: it sees neither.
std::optional<RowEvent> event_of(const Row* before, const Row* after) {
  if (before && after) return RowEvent::modify;
  if (after) return RowEvent::insert;
  if (before) return RowEvent::remove;
  return std::nullopt;
}

void add(json::object& table, const Uuid& row, std::optional<json::value> update) {
  if (update) table.emplace(row.to_string(), std::move(*update));
}

}  // namespace

Result<Monitor> Monitor::make(MonitorKind kind, json::value id, const Database& database, const json::value& requests) {
  auto tables = TRY(parse_monitor_requests(kind, database.schema(), requests));
  return Monitor(kind, std::move(id), database, std::move(tables));
}

json::object Monitor::initial() const {
  json::object tables;
  for (const auto& [table, monitored] : tables_) {
    if (!monitored.select.initial) continue;
    json::object rows;
    for (const auto& [uuid, row] : database_->rows(table))
      if (monitored.condition.matches(*row))
        add(rows, uuid, row_update(kind_, schema_of(table), monitored, RowEvent::initial, nullptr, row.get()));
    if (!rows.empty()) tables.emplace(schema_of(table).name, std::move(rows));
  }
  return tables;
}

json::object Monitor::table_updates(std::size_t table, const MonitoredTable& monitored,
                                    const ChangeSet& changes) const {
  const auto in_sight = [&](const RowPtr& row) {
    return row && monitored.condition.matches(*row) ? row.get() : nullptr;
  };
  json::object rows;
  for (const auto& [uuid, change] : changes.tables[table]) {
    const auto* before = in_sight(change.before);
    const auto* after = in_sight(change.after);
    if (const auto event = event_of(before, after))
      add(rows, uuid, row_update(kind_, schema_of(table), monitored, *event, before, after));
  }
  return rows;
}

json::object Monitor::updates(const ChangeSet& changes) const {
  json::object tables;
  for (const auto& [table, monitored] : tables_) {
    if (table >= changes.tables.size() || changes.tables[table].empty()) continue;
    if (auto rows = table_updates(table, monitored, changes); !rows.empty())
      tables.emplace(schema_of(table).name, std::move(rows));
  }
  return tables;
}

json::object Monitor::notification(json::object updates, const Uuid& transaction_id) const {
  json::array params{id_};
  if (kind_ == MonitorKind::monitor_cond_since) params.push_back(json::value(transaction_id.to_string()));
  params.push_back(std::move(updates));
  constexpr std::string_view methods[] = {"update", "update2", "update3"};  // In the order of MonitorKind.
  return make_notification(methods[static_cast<std::size_t>(kind_)], std::move(params));
}

Result<json::object> Monitor::change_conditions(json::value new_id, const json::value& requests) {
  if (kind_ == MonitorKind::monitor) return fail(syntax_error, "a monitor made by \"monitor\" has no conditions");
  auto changes = TRY(parse_condition_changes(database_->schema(), tables_, requests));
  json::object tables;
  for (auto& [table, condition] : changes) {
    auto& monitored = tables_.at(table);
    json::object rows;
    for (const auto& [uuid, row] : database_->rows(table)) {
      const bool was_in_sight = monitored.condition.matches(*row);
      const bool is_in_sight = condition.matches(*row);
      if (was_in_sight == is_in_sight) continue;
      const auto* before = was_in_sight ? row.get() : nullptr;
      const auto* after = is_in_sight ? row.get() : nullptr;
      add(rows, uuid, row_update(kind_, schema_of(table), monitored, *event_of(before, after), before, after));
    }
    monitored.condition = std::move(condition);
    if (!rows.empty()) tables.emplace(schema_of(table).name, std::move(rows));
  }
  id_ = std::move(new_id);
  return tables;
}

}  // namespace weft::ovsdb
