#include "ovsdb/monitor_view.hpp"

#include "ovsdb/row_update.hpp"

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

bool MonitorView::depends_on_unkept() const {
  return std::ranges::any_of(tables_, [this](const auto& entry) {
    const auto& columns = schema_of(entry.first).columns;
    const auto is_unkept = [&](std::size_t column) { return column == version_column || columns[column].ephemeral; };
    const auto& monitored = entry.second;
    return std::ranges::any_of(monitored.columns, is_unkept, &MonitoredColumn::column) ||
           monitored.condition.names_any(is_unkept);
  });
}

json::object MonitorView::initial() const {
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

json::object MonitorView::table_updates(std::size_t table, const MonitoredTable& monitored,
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

json::object MonitorView::updates(const ChangeSet& changes) const {
  json::object tables;
  for (const auto& [table, monitored] : tables_) {
    if (table >= changes.tables.size() || changes.tables[table].empty()) continue;
    if (auto rows = table_updates(table, monitored, changes); !rows.empty())
      tables.emplace(schema_of(table).name, std::move(rows));
  }
  return tables;
}

json::object MonitorView::transition(const MonitorView& next) const {
  json::object tables;
  for (const auto& [table, monitored] : tables_) {
    const auto& condition = next.tables_.at(table).condition;
    json::object rows;
    for (const auto& [uuid, row] : database_->rows(table)) {
      const bool was_in_sight = monitored.condition.matches(*row);
      const bool is_in_sight = condition.matches(*row);
      if (was_in_sight == is_in_sight) continue;
      const auto* before = was_in_sight ? row.get() : nullptr;
      const auto* after = is_in_sight ? row.get() : nullptr;
      add(rows, uuid, row_update(kind_, schema_of(table), monitored, *event_of(before, after), before, after));
    }
    if (!rows.empty()) tables.emplace(schema_of(table).name, std::move(rows));
  }
  return tables;
}

Result<std::shared_ptr<const MonitorView>> MonitorViews::find_or_make(MonitorKind kind, const json::value& requests) {
  auto key = fmt::format("{} {}", static_cast<int>(kind), to_text(requests));
  if (const auto found = views_.find(key); found != views_.end())
    if (auto view = found->second.lock()) return view;
  auto tables = TRY(parse_monitor_requests(kind, database_->schema(), requests));
  auto view = std::make_shared<const MonitorView>(kind, *database_, std::move(tables));
  if (views_.size() >= sweep_at_) {
    std::erase_if(views_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = 2 * views_.size() + 16;
  }
  views_.insert_or_assign(std::move(key), view);
  return view;
}

const std::string& CommitNews::updates(const MonitorView& view) {
  const auto [entry, is_new] = texts_.try_emplace(&view);
  if (is_new)
    if (const auto updates = view.updates(changes_); !updates.empty()) entry->second = to_text(updates);
  return entry->second;
}

}  // namespace weft::ovsdb
