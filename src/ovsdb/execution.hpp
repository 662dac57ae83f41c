// The operations of "transact" (RFC 7047 section 5.2): insert select update mutate delete wait commit abort comment
// assert, over one Transaction.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>

#include "ovsdb/access.hpp"
#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// One transaction may do no more than this; beyond it is an error "resources exhausted".
struct TransactionLimits {
  std::size_t operations = 100'000;
  std::size_t rows_looked_at = 10'000'000;  // In search of those that match "where".
  std::size_t values_returned = 4'000'000;  // By "select": columns, and elements of sets and maps.
};

struct ExecutionContext {
  // Does this client own the lock (for "assert")? May be empty: it owns none.
  std::function<bool(std::string_view lock)> owns_lock;
  Access access = {};  // What it does not allow is a "not allowed" or a "permission error".
  // A durable commit need not be on the disk when execute() returns: see Unsynced.
  bool sync_later = false;
  // False: nothing is committed, and nothing of what only a commit checks is checked.
  bool commits = true;
  // Since the first try of this transaction: a "wait" compares its timeout with it.
  std::chrono::milliseconds elapsed{0};
  TransactionLimits limits;
};

// The transaction waits for another change: try again after the next commit, or when `timeout` (none: never)
// has passed since the first try.
struct Blocked {
  std::optional<std::chrono::milliseconds> timeout;
};

// Committed and written, with these results; durable only after Database::sync_task(). Where
// ExecutionContext::sync_later allows it.
struct Unsynced {
  json::array results;
};

// One of the operations is of a kind that changes rows.
bool changes_rows(std::span<const json::value> operations);

// `operations`: the params of "transact" without the database's name. The array is the whole result: an entry an
// operation, and one more for an error at commit. Nothing has changed if any entry is an error.
std::variant<json::array, Blocked, Unsynced> execute(Database& database, std::span<const json::value> operations,
                                                     const ExecutionContext& context = {});

}  // namespace weft::ovsdb
