// Database: a schema, its rows, and the one way to change them, commit(). Knows no file and no socket.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

class Transaction;

// Where committed changes are kept. append() returns before anybody is told of the commit.
class Storage {
 public:
  virtual ~Storage() = default;
  // `durable`: on the disk when it returns. An error leaves the storage as it was, and the commit does not happen.
  virtual Result<> append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                          const Uuid& transaction_id, bool durable) = 0;
};

class Database {
 public:
  // `storage` may be null: kept in memory only.
  Database(DatabaseSchema schema, std::unique_ptr<Storage> storage);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const DatabaseSchema& schema() const;
  const Rows& rows(std::size_t table) const;
  RowPtr find(std::size_t table, const Uuid& uuid) const;
  // Rows whose column set of index `index` (position in TableSchema::indexes) equals `key`; null if none.
  RowPtr find_by_index(std::size_t table, std::size_t index, const std::vector<Datum>& key) const;

  // Called after each commit that changed something, in order of subscription, before the reply goes out.
  // The observer may not commit from within the call.
  using Observer = std::function<void(const ChangeSet& changes, const Uuid& transaction_id)>;
  using Subscription = std::uint64_t;
  Subscription subscribe(Observer observer);
  void unsubscribe(Subscription subscription);

  Uuid last_transaction_id() const;

 private:
  friend class Transaction;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace weft::ovsdb
