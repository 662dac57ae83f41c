// A database as a transaction sees it: the rows it changed over the committed ones.
#pragma once

#include "ovsdb/database_state.hpp"
#include "ovsdb/overlay_index.hpp"

namespace weft::ovsdb {

class Overlay {
 public:
  explicit Overlay(const Database::State& base) : base_(&base) { clear(); }

  RowPtr find(std::size_t table, const Uuid& uuid) const {
    if (const auto* change = find_change(table, uuid)) return change->after;
    return base_->tables[table].find(uuid);
  }
  const RowChange* find_change(std::size_t table, const Uuid& uuid) const {
    const auto& touched = changes_.tables[table];
    if (touched.empty()) return nullptr;
    const auto found = touched.find(uuid);
    return found == touched.end() ? nullptr : &found->second;
  }
  // The changed rows by an index of the table; made when it is first asked for.
  const OverlayIndex& index(std::size_t table, std::size_t index);
  std::size_t count(std::size_t table) const;

  // May hold rows that are as before, and rows that came and went.
  const ChangeSet& changes() const { return changes_; }
  // The row becomes `after`; null: it is gone.
  void set(std::size_t table, const Uuid& uuid, RowPtr after);
  // Forgets what is as before.
  void drop_unchanged();
  void clear();

 private:
  const Database::State* base_;
  ChangeSet changes_;
  std::unordered_map<std::size_t, std::vector<OverlayIndex>> indexes_;  // By table.
};

// A row of these columns; its _version is that of `previous`, or a new one if that is null.
RowPtr make_row(std::vector<Datum> columns, const Row* previous);

}  // namespace weft::ovsdb
