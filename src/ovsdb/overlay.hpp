// A database as a transaction sees it: the rows it changed over the committed ones.
#pragma once

#include "ovsdb/database_state.hpp"

namespace weft::ovsdb {

struct Overlay {
  const Database::State& base;
  ChangeSet changes;  // May hold rows that are as before, and rows that came and went.

  explicit Overlay(const Database::State& database) : base(database) { clear(); }

  RowPtr find(std::size_t table, const Uuid& uuid) const {
    if (const auto* change = find_change(table, uuid)) return change->after;
    return base.tables[table].find(uuid);
  }
  const RowChange* find_change(std::size_t table, const Uuid& uuid) const {
    const auto& touched = changes.tables[table];
    if (touched.empty()) return nullptr;
    const auto found = touched.find(uuid);
    return found == touched.end() ? nullptr : &found->second;
  }
  // The row becomes `after`; null: it is gone.
  void set(std::size_t table, const Uuid& uuid, RowPtr after) {
    auto [entry, is_new] = changes.tables[table].try_emplace(uuid);
    if (is_new) entry->second.before = base.tables[table].find(uuid);
    entry->second.after = std::move(after);
  }
  std::size_t count(std::size_t table) const;
  void clear() {
    changes.tables.clear();
    changes.tables.resize(base.tables.size());
  }
};

// A row of these columns; its _version is that of `previous`, or a new one if that is null.
RowPtr make_row(std::vector<Datum> columns, const Row* previous);

}  // namespace weft::ovsdb
