// The database as one run of a command line sees it: what it read, and over that what it has changed itself.
// Later commands of the line see the effects of earlier ones; nobody else does, until operations() are carried out.
// Tables and columns are named as in the schema; a name that the server's schema lacks is an error.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "vsctl/column_change.hpp"
#include "vsctl/snapshot.hpp"

namespace weft::vsctl {

struct Where {
  std::string_view column;
  Clause::Relation relation;
  ovsdb::Datum value;
};
Where equals(std::string_view column, ovsdb::Atom value);
Where includes(std::string_view column, ovsdb::Atom element);

struct Query {
  std::string_view table;
  std::optional<Where> where = {};             // Absent: every row.
  std::vector<std::string_view> columns = {};  // Read along, in the same round trip.
  Guard guard = Guard::rows;
};

using RowIds = std::vector<Uuid>;

class View {
 public:
  View(const ovsdb::DatabaseSchema& schema, Transact transact)
      : schema_(schema), snapshot_(schema, std::move(transact)), changes_(schema.tables.size()) {}

  const ovsdb::DatabaseSchema& schema() const { return schema_; }
  Result<const ovsdb::TableSchema*> table(std::string_view name) const;

  // All queries in one round trip.
  Result<std::vector<RowIds>> select(std::vector<Query> queries);
  Result<RowIds> select(Query query);
  // The column's value, with this run's changes. Error tagged `stale`: another client has removed the row meanwhile,
  // so the run must begin again.
  Result<ovsdb::Datum> read(std::string_view table, const Uuid& row, std::string_view column,
                            Guard guard = Guard::columns);
  bool is_erased(std::string_view table, const Uuid& row) const;

  // The row's UUID here; the server gives another one at the commit, unless `wanted` says which.
  Result<Uuid> insert(std::string_view table, std::optional<Uuid> promised = {}, std::optional<Uuid> wanted = {});
  bool is_inserted(std::string_view table, const Uuid& row) const;
  Result<> assign(std::string_view table, const Uuid& row, std::string_view column, const ovsdb::Datum& value);
  Result<> insert_elements(std::string_view table, const Uuid& row, std::string_view column, const ovsdb::Datum& more);
  Result<> remove_keys(std::string_view table, const Uuid& row, std::string_view column, const ovsdb::Datum& keys);
  // A row of a table that is no root disappears when its last reference goes: that is the caller's to do.
  Result<> erase(std::string_view table, const Uuid& row);

  bool has_changes() const;
  const Snapshot& snapshot() const { return snapshot_; }

  // Inserts, updates, mutations and deletions; the guards are the snapshot's.
  json::array operations() const;
  struct Inserted {
    std::string table;
    Uuid row;
    std::size_t operation;  // Position in operations(): its result has the row's final UUID.
  };
  std::vector<Inserted> inserted() const;

 private:
  struct RowChange {
    enum class Kind { modified, inserted, erased };
    Kind kind = Kind::modified;
    std::optional<Uuid> wanted;
    std::map<std::size_t, ColumnChange> columns;
  };
  struct Place {
    std::size_t table;
    std::size_t column;
  };

  Result<std::size_t> table_position(std::string_view name) const;
  Result<Place> place(std::string_view table, std::string_view column) const;
  Result<Question> question(const Query& query) const;
  Result<RowIds> with_changes(const Question& question, const RowIds& answered);
  std::vector<Uuid> changed_candidates(const Question& question) const;
  Result<bool> matches(const Question& question, const Uuid& row, const RowChange& change, bool was_answered);
  Result<ovsdb::Datum> read(Place place, const Uuid& row, Guard guard);
  ovsdb::Datum local_value(Place place, const ColumnChange* change, const ovsdb::Datum& base) const;
  const RowChange* change_of(std::size_t table, const Uuid& row) const;

  json::value outgoing(const ovsdb::ColumnType& type, const ovsdb::Datum& datum) const;
  json::object insertion(std::size_t table, const Uuid& row, const RowChange& change) const;
  void append_modification(std::size_t table, const Uuid& row, const RowChange& change, json::array& operations) const;

  const ovsdb::DatabaseSchema& schema_;
  Snapshot snapshot_;
  // By table; ordered, so that the same line always makes the same operations of rows that exist.
  std::vector<std::map<Uuid, RowChange>> changes_;
  // Rows to which a scalar column was ever assigned the value, by table and column: a line of thousands of add-port
  // looks each name up among its own.
  std::map<std::pair<std::size_t, std::size_t>, std::map<ovsdb::Atom, std::set<Uuid>>> assigned_;
};

inline constexpr char stale[] = "stale";

}  // namespace weft::vsctl
