// Transaction: uncommitted changes over a Database. Reads see them; others do not, until commit().
#pragma once

#include <string>

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();  // Forgets what was not committed.
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  const Database& database() const;
  RowPtr find(std::size_t table, const Uuid& uuid) const;
  // Every row of the table as this transaction sees it; `visit` returns false to stop.
  void for_each(std::size_t table, const std::function<bool(const RowPtr&)>& visit) const;
  std::size_t count(std::size_t table) const;

  // Calls visit for the rows whose columns of index `index` (position in TableSchema::indexes) equal `key`: until
  // the commit there may be several.
  void for_each_with(std::size_t table, std::size_t index, std::span<const Datum> key,
                     const std::function<bool(const RowPtr&)>& visit) const;
  // The row existed before, or earlier in this transaction, and was erased by it.
  bool has_erased(std::size_t table, const Uuid& uuid) const;

  // `columns` as Row::columns, with _uuid set; _version is given. The table must have no row of that UUID for
  // insert(), and must have one for the others.
  void insert(std::size_t table, std::vector<Datum> columns);
  void replace(std::size_t table, const Uuid& uuid, std::vector<Datum> columns);
  void erase(std::size_t table, const Uuid& uuid);
  void add_comment(const std::string& comment);

  // In this order (as Open vSwitch does): strong references ("referential integrity violation"), collection of
  // unreferenced non-root rows, maxRows, weak references, unique indexes ("constraint violation"); then the storage
  // (its errors); then the observers. On an error nothing has changed. Cost is by what changed, not by what is there.
  // Either way the transaction is empty afterwards.
  Result<> commit(bool durable = false);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weft::ovsdb
