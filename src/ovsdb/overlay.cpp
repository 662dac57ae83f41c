#include "ovsdb/overlay.hpp"

namespace weft::ovsdb {
namespace {

bool same_values(const Row& a, const Row& b) {
  for (std::size_t i = first_own_column; i < a.columns.size(); ++i) {
    if (a.columns[i] != b.columns[i]) return false;
  }
  return true;
}

bool is_no_change(const RowChange& change) {
  if (!change.before || !change.after) return !change.before && !change.after;
  return change.before == change.after || same_values(*change.before, *change.after);
}

}  // namespace

const OverlayIndex& Overlay::index(std::size_t table, std::size_t index) {
  auto [entry, is_new] = indexes_.try_emplace(table);
  auto& indexes = entry->second;
  if (is_new) {
    for (const auto& columns : base_->schema.tables[table].indexes) {
      auto& made = indexes.emplace_back(columns);
      for (const auto& [uuid, change] : changes_.tables[table]) made.replace(nullptr, change.after);
    }
  }
  return indexes[index];
}

std::size_t Overlay::count(std::size_t table) const {
  auto count = base_->tables[table].rows.size();
  for (const auto& [uuid, change] : changes_.tables[table]) {
    if (change.before && !change.after) --count;
    if (!change.before && change.after) ++count;
  }
  return count;
}

void Overlay::set(std::size_t table, const Uuid& uuid, RowPtr after) {
  auto [entry, is_new] = changes_.tables[table].try_emplace(uuid);
  auto& change = entry->second;
  if (is_new) change.before = base_->tables[table].find(uuid);
  const auto indexes = indexes_.find(table);
  if (indexes != indexes_.end()) {
    for (auto& index : indexes->second) index.replace(change.after, after);
  }
  change.after = std::move(after);
}

void Overlay::drop_unchanged() {
  for (auto& table : changes_.tables) {
    std::erase_if(table, [](const auto& entry) { return is_no_change(entry.second); });
  }
  indexes_.clear();  // They know more rows than there are now.
}

void Overlay::clear() {
  changes_.tables.clear();
  changes_.tables.resize(base_->tables.size());
  indexes_.clear();
}

RowPtr make_row(std::vector<Datum> columns, const Row* previous) {
  auto* row = new Row;
  RowPtr owner(row);
  row->columns = std::move(columns);
  row->columns[version_column] = previous ? previous->columns[version_column] : Datum::scalar(Uuid::random());
  return owner;
}

}  // namespace weft::ovsdb
