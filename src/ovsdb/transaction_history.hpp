// The last transactions of a database, so that a client that comes back learns only what it missed
// ("monitor_cond_since", ovsdb-server(7) section 4.1.15).
#pragma once

#include <deque>
#include <optional>

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

inline constexpr std::size_t max_history_transactions = 100;
// How many rows, and elements of sets and maps, all of them together keep in memory that have changed since. A larger
// transaction empties the history.
inline constexpr std::size_t max_history_values = 1'000'000;

class TransactionHistory {
 public:
  // `last`: the transaction that led to the present content; the zero UUID where there is none.
  explicit TransactionHistory(const Uuid& last) : start_(last) {}

  void add(const ChangeSet& changes, const Uuid& transaction_id);
  // The server was started after what it has so far: values that are kept in no file are other ones since.
  void mark_restart() { states_before_restart_ = 1 + entries_.size(); }
  // What happened after `transaction_id`, each row's first state and its last. None: it is not remembered, or, with
  // `unkept_too`, what happened to values that are kept in no file is not.
  std::optional<ChangeSet> since(const Uuid& transaction_id, bool unkept_too = false) const;

 private:
  struct Entry {
    Uuid id;
    ChangeSet changes;
    std::size_t values;
  };
  void drop_oldest();

  Uuid start_;  // The transaction before the first entry.
  std::deque<Entry> entries_;
  std::size_t values_ = 0;                 // Sum over the entries.
  std::size_t states_before_restart_ = 0;  // Of: start_, and what each entry led to.
};

}  // namespace weft::ovsdb
