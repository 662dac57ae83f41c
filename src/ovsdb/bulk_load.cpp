#include "ovsdb/bulk_load.hpp"

#include "base/check.hpp"
#include "ovsdb/database_state.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {

class BulkLoad {
 public:
  explicit BulkLoad(Database& database) : owner_(database), database_(*database.state_) {}

  Result<> load(std::vector<Rows> rows) {
    for (std::size_t table = 0; table < rows.size(); ++table) {
      CHECK(database_.tables[table].rows.empty());
      database_.tables[table].rows = std::move(rows[table]);
    }
    if (fits_together()) return {};
    return load_by_transaction();
  }

 private:
  // Counts and indexes on the way.
  bool fits_together() {
    for (std::size_t table = 0; table < database_.tables.size(); ++table) {
      if (database_.tables[table].rows.size() > database_.schema.tables[table].max_rows) return false;
      if (!index(table) || !count_references(table)) return false;
    }
    for (std::size_t table = 0; table < database_.tables.size(); ++table)
      if (has_garbage(table)) return false;
    return true;
  }

  bool index(std::size_t table) {
    for (auto& index : database_.tables[table].indexes) {
      index.reserve(database_.tables[table].rows.size());
      for (const auto& [uuid, row] : database_.tables[table].rows)
        if (!index.insert(row)) return false;
    }
    return true;
  }

  bool count_references(std::size_t table) {
    bool fits = true;
    for (const auto& column : database_.tables[table].references) {
      auto& target = database_.tables[column.target];
      for (const auto& [uuid, row] : database_.tables[table].rows) {
        for_each_changed_reference(column, nullptr, row.get(), [&](const Uuid& referred, int) {
          fits = fits && target.rows.contains(referred);
          const bool is_own = column.target == table && referred == uuid;
          if (column.weak) {
            ++target.weak_referrers[referred][{table, uuid}];
          } else if (!is_own) {  // A row's reference to itself does not keep it.
            ++target.strong_counts[referred];
          }
        });
      }
    }
    return fits;
  }

  bool has_garbage(std::size_t table) const {
    const auto& state = database_.tables[table];
    if (database_.schema.tables[table].is_root) return false;
    return std::ranges::any_of(state.rows, [&](const auto& row) { return state.strong_count(row.first) == 0; });
  }

  Result<> load_by_transaction() {
    std::vector<Rows> rows;
    for (auto& table : database_.tables) {
      rows.push_back(std::exchange(table.rows, {}));
      for (auto& index : table.indexes) index = UniqueIndex(index.columns());
      table.strong_counts.clear();
      table.weak_referrers.clear();
    }
    Transaction transaction(owner_);
    for (std::size_t table = 0; table < rows.size(); ++table)
      for (const auto& [uuid, row] : rows[table]) transaction.insert(table, row->columns);
    return transaction.commit();
  }

  Database& owner_;
  Database::State& database_;
};

Result<> bulk_load(Database& database, std::vector<Rows> rows) { return BulkLoad(database).load(std::move(rows)); }

}  // namespace weft::ovsdb
