#include "ovsdb/recorded_history.hpp"

#include <ranges>

#include "ovsdb/row_references.hpp"

namespace weft::ovsdb {

void RecordedHistory::start(const Uuid& id) {
  start_ = last_id_ = id;
  entries_.clear();
  values_ = 0;
}

void RecordedHistory::add(RecordedChange change, const Uuid& id) {
  values_ += change.values;
  entries_.push_back({id, std::move(change)});
  last_id_ = id;
  while (entries_.size() > max_history_transactions || values_ > max_recorded_history_values) {
    start_ = entries_.front().id;
    values_ -= entries_.front().change.values;
    entries_.pop_front();
  }
}

TransactionHistory RecordedHistory::finish(const Database& database) {
  // Backwards: what a row was before one record is what it was after the one before.
  std::unordered_map<RowId, RowPtr, RowIdHash> states;
  std::vector<ChangeSet> changes(entries_.size());
  for (std::size_t i = entries_.size(); i-- > 0;) {
    changes[i].tables.resize(database.schema().tables.size());
    for (const auto& [table, uuid, before] : std::views::reverse(entries_[i].change.rows)) {
      const auto [state, is_new] = states.try_emplace(RowId{table, uuid});
      if (is_new) state->second = database.find(table, uuid);
      const auto [change, is_first] = changes[i].tables[table].try_emplace(uuid, RowChange{before, state->second});
      if (!is_first) change->second.before = before;
      state->second = before;
    }
  }
  TransactionHistory history(start_);
  for (std::size_t i = 0; i < entries_.size(); ++i) history.add(changes[i], entries_[i].id);
  history.mark_restart();
  start(last_id_);
  return history;
}

}  // namespace weft::ovsdb
