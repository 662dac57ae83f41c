#include "ovsdb/database_audit.hpp"

#include <fmt/format.h>

#include "ovsdb/database_state.hpp"

namespace weft::ovsdb {
namespace {

// References as the rows have them, in the form of TableState.
struct Recount {
  std::unordered_map<Uuid, std::size_t> strong_counts;
  std::unordered_map<Uuid, TableState::Referrers> weak_referrers;
};

std::vector<Recount> recount(const Database::State& database) {
  std::vector<Recount> result(database.tables.size());
  for (std::size_t table = 0; table < database.tables.size(); ++table) {
    for (const auto& [uuid, row] : database.tables[table].rows) {
      const RowId id{table, uuid};
      for (const auto& column : database.tables[table].references) {
        for (const auto& atom : column.references(*row)) {
          const RowId target{column.target, std::get<Uuid>(atom)};
          if (column.weak) {
            ++result[target.table].weak_referrers[target.uuid][id];
          } else if (target != id) {
            ++result[target.table].strong_counts[target.uuid];
          }
        }
      }
    }
  }
  return result;
}

std::string check_values(const TableSchema& schema, const Row& row) {
  for (std::size_t i = 0; i < row.columns.size(); ++i) {
    // What was never set is the default (RFC 7047 section 5.2.1), also where an enum or a range leaves it out.
    if (row.columns[i] == schema.columns[i].default_value) continue;
    const auto good = schema.columns[i].type.check(row.columns[i]);
    if (!good) return fmt::format("column {}: {}", schema.columns[i].name, good.error().details);
  }
  return {};
}

std::string check_indexes(const TableState& table) {
  for (const auto& index : table.indexes) {
    if (index.size() != table.rows.size()) return fmt::format("an index has {} rows", index.size());
    for (const auto& [uuid, row] : table.rows) {
      if (index.find_equal(*row) != row) return fmt::format("an index does not find row {}", uuid.to_string());
    }
  }
  return {};
}

std::string check_table(const Database::State& database, std::size_t position, const Recount& recounted) {
  const auto& schema = database.schema.tables[position];
  const auto& table = database.tables[position];
  if (table.rows.size() > schema.max_rows) return fmt::format("{} rows are too many", table.rows.size());
  if (table.strong_counts != recounted.strong_counts) return "counts of strong references are wrong";
  if (table.weak_referrers != recounted.weak_referrers) return "referrers of weak references are wrong";
  for (const auto& [uuid, count] : table.strong_counts) {
    if (!table.find(uuid)) return fmt::format("row {} is missing, but referred to", uuid.to_string());
  }
  for (const auto& [uuid, referrers] : table.weak_referrers) {
    if (!table.find(uuid)) return fmt::format("row {} is missing, but referred to weakly", uuid.to_string());
  }
  for (const auto& [uuid, row] : table.rows) {
    if (row->uuid() != uuid) return fmt::format("row {} is at {}", row->uuid().to_string(), uuid.to_string());
    if (!schema.is_root && table.strong_count(uuid) == 0) return fmt::format("row {} is garbage", uuid.to_string());
    if (auto wrong = check_values(schema, *row); !wrong.empty()) return uuid.to_string() + ": " + wrong;
  }
  return check_indexes(table);
}

}  // namespace

std::string find_inconsistency(const Database& database) {
  const auto& state = *database.state_;
  const auto recounted = recount(state);
  for (std::size_t table = 0; table < state.tables.size(); ++table) {
    const auto wrong = check_table(state, table, recounted[table]);
    if (!wrong.empty()) return fmt::format("table {}: {}", state.schema.tables[table].name, wrong);
  }
  return {};
}

}  // namespace weft::ovsdb
