#include "ovsdb/transaction_history.hpp"

namespace weft::ovsdb {
namespace {

// What of the old row the new one does not share: a bridge's set of ten thousand ports is another for each new port.
std::size_t count_values(const RowChange& change) {
  std::size_t count = 1;
  if (!change.before) return count;
  for (std::size_t column = 0; column < change.before->columns.size(); ++column) {
    const auto& old_datum = change.before->columns[column];
    const bool is_shared = change.after && change.after->columns[column].keys().data() == old_datum.keys().data();
    if (!is_shared) count += old_datum.size();
  }
  return count;
}

std::size_t count_values(const ChangeSet& changes) {
  std::size_t count = 0;
  for (const auto& rows : changes.tables)
    for (const auto& [uuid, change] : rows) count += count_values(change);
  return count;
}

}  // namespace

void TransactionHistory::add(const ChangeSet& changes, const Uuid& transaction_id) {
  const auto values = count_values(changes);
  entries_.push_back({transaction_id, changes, values});
  values_ += values;
  while (entries_.size() > max_history_transactions || values_ > max_history_values) drop_oldest();
}

void TransactionHistory::drop_oldest() {
  start_ = entries_.front().id;
  values_ -= entries_.front().values;
  if (states_before_restart_ > 0) --states_before_restart_;
  entries_.pop_front();
}

std::optional<ChangeSet> TransactionHistory::since(const Uuid& transaction_id, bool unkept_too) const {
  if (transaction_id.is_zero()) return std::nullopt;
  auto next = entries_.begin();
  if (transaction_id != start_) {
    next = std::ranges::find(entries_, transaction_id, &Entry::id);
    if (next == entries_.end()) return std::nullopt;
    ++next;
  }
  const auto state = static_cast<std::size_t>(next - entries_.begin());
  if (unkept_too && state < states_before_restart_) return std::nullopt;
  ChangeSet sum;
  for (; next != entries_.end(); ++next) sum.add(next->changes);
  return sum;
}

}  // namespace weft::ovsdb
