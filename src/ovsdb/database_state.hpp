// What a Database holds, for the files that implement it: database, transaction, commit, audit.
// Invariant: indexes, strong counts and weak referrers say what the rows say (see database_audit.hpp).
#pragma once

#include "ovsdb/database.hpp"
#include "ovsdb/row_references.hpp"
#include "ovsdb/unique_index.hpp"

namespace weft::ovsdb {

struct TableState {
  Rows rows;
  std::vector<UniqueIndex> indexes;         // As TableSchema::indexes.
  std::vector<ReferenceColumn> references;  // Of this table's rows to others.
  // How many strong references name a row of this table, its own not counted; no entry for 0.
  std::unordered_map<Uuid, std::size_t> strong_counts;
  // Who names a row of this table weakly, and how often; no entry for 0. Every name is of an existing row.
  using Referrers = std::unordered_map<RowId, std::size_t, RowIdHash>;
  std::unordered_map<Uuid, Referrers> weak_referrers;

  std::size_t strong_count(const Uuid& uuid) const {
    const auto found = strong_counts.find(uuid);
    return found == strong_counts.end() ? 0 : found->second;
  }
  RowPtr find(const Uuid& uuid) const {
    const auto found = rows.find(uuid);
    return found == rows.end() ? nullptr : found->second;
  }
};

struct Database::State {
  DatabaseSchema schema;
  std::unique_ptr<Storage> storage;  // May be null.
  std::vector<TableState> tables;    // As DatabaseSchema::tables.
  std::map<Subscription, std::shared_ptr<Observer>> observers;
  Subscription last_subscription = 0;
  Uuid last_transaction_id;
  std::optional<TransactionHistory> history;
  bool is_telling = false;  // Observers are being called.
  SchemaUser schema_user;   // Its functions may be empty.

  void tell(const ChangeSet& changes);  // Calls them.
};

}  // namespace weft::ovsdb
