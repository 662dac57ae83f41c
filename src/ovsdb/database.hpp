// Database: a schema, its rows, and the one way to change them, commit(). Knows no file and no socket.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ovsdb/table.hpp"
#include "ovsdb/transaction_history.hpp"

namespace weft::ovsdb {

class Database;
class Transaction;

// Where committed changes are kept. append() returns before anybody is told of the commit: the transaction's id.
class Storage {
 public:
  virtual ~Storage() = default;
  // `durable`: on the disk when it returns. An error leaves the storage as it was, and the commit does not happen.
  // `comment`: what the transaction's comments say, a line each; may be empty.
  virtual Result<Uuid> append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                              bool durable) = 0;
  // Brings all that was appended until it is called to the disk. It may be called on another thread, and when the
  // storage is gone.
  virtual std::function<Result<>()> sync_task() = 0;
  // A sync_task() failed: nobody knows what the disk has. The next append() first writes everything anew, or fails.
  virtual void distrust_disk() = 0;
  // Keeps nothing but `content` from now on, on the disk when it returns. An error leaves the storage as it was.
  virtual Result<> rewrite(const Database& content, const std::string& comment, const Uuid& transaction_id) = 0;
};

class Database {
 public:
  struct State;  // For the engine's own files: database_state.hpp.

  // `storage` may be null: kept in memory only.
  Database(DatabaseSchema schema, std::unique_ptr<Storage> storage);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // From the next commit on. For one who loads a database: commits with no storage first, then the storage.
  void set_storage(std::unique_ptr<Storage> storage);

  // As the storage's; empty where there is none.
  std::function<Result<>()> sync_task() const;
  void distrust_disk();

  const DatabaseSchema& schema() const;
  const Rows& rows(std::size_t table) const;
  RowPtr find(std::size_t table, const Uuid& uuid) const;
  // Rows whose column set of index `index` (position in TableSchema::indexes) equals `key`; null if none.
  RowPtr find_by_index(std::size_t table, std::size_t index, std::span<const Datum> key) const;

  // Called after each commit that changed something, in order of subscription, before the reply goes out.
  // The observer may unsubscribe whom it likes, but may not commit from within the call.
  using Observer = std::function<void(const ChangeSet& changes, const Uuid& transaction_id)>;
  using Subscription = std::uint64_t;
  Subscription subscribe(Observer observer);
  void unsubscribe(Subscription subscription);

  Uuid last_transaction_id() const;  // Zero: nothing was committed yet.
  // Remembers the last transactions from now on; for one who loads a database: after those that its file tells, of
  // which the last one led to what is here. Until it is called there is no history.
  void keep_history(TransactionHistory past, const Uuid& last_transaction_id);
  const TransactionHistory* history() const;

  // Another schema for the rows that are here, as convert_database() makes them, on the disk when it returns: from then
  // on positions of tables and columns mean others. Observers of commits are not called. An error, of that function, of
  // the storage or of the schema's user, leaves everything as it was. Not from within an observer.
  Result<> convert(const DatabaseSchema& schema);
  // Who relies on the schema for as long as the database lasts: may refuse another one, and is told when it has come.
  struct SchemaUser {
    std::function<Result<>(const DatabaseSchema& schema)> accepts;
    std::function<void()> adapt;
  };
  void set_schema_user(SchemaUser user);

 private:
  friend class Transaction;
  friend class BulkLoad;
  friend std::string find_inconsistency(const Database& database);
  std::unique_ptr<State> state_;
};

}  // namespace weft::ovsdb
