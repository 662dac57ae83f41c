#include "ovsdb/transaction_history.hpp"

namespace weft::ovsdb {
namespace {

std::size_t count_rows(const ChangeSet& changes) {
  std::size_t count = 0;
  for (const auto& rows : changes.tables) count += rows.size();
  return count;
}

void append(ChangeSet& sum, const ChangeSet& next) {
  sum.tables.resize(std::max(sum.tables.size(), next.tables.size()));
  for (std::size_t table = 0; table < next.tables.size(); ++table)
    for (const auto& [uuid, change] : next.tables[table]) {
      const auto [entry, is_new] = sum.tables[table].try_emplace(uuid, change);
      if (!is_new) entry->second.after = change.after;
    }
}

}  // namespace

void TransactionHistory::add(const ChangeSet& changes, const Uuid& transaction_id) {
  const auto rows = count_rows(changes);
  entries_.push_back({transaction_id, changes, rows});
  rows_ += rows;
  while (entries_.size() > max_history_transactions || rows_ > max_history_rows) drop_oldest();
}

void TransactionHistory::drop_oldest() {
  start_ = entries_.front().id;
  rows_ -= entries_.front().rows;
  entries_.pop_front();
}

std::optional<ChangeSet> TransactionHistory::since(const Uuid& transaction_id) const {
  if (transaction_id.is_zero()) return std::nullopt;
  auto next = entries_.begin();
  if (transaction_id != start_) {
    next = std::ranges::find(entries_, transaction_id, &Entry::id);
    if (next == entries_.end()) return std::nullopt;
    ++next;
  }
  ChangeSet sum;
  for (; next != entries_.end(); ++next) append(sum, next->changes);
  for (auto& rows : sum.tables)
    std::erase_if(rows, [](const auto& entry) { return entry.second.before == entry.second.after; });
  return sum;
}

}  // namespace weft::ovsdb
