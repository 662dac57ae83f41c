// The last transactions of a database as its file tells them, collected while it is read.
#pragma once

#include <deque>

#include "ovsdb/file_record.hpp"
#include "ovsdb/transaction_history.hpp"

namespace weft::ovsdb {

// Of rows and their elements, as max_history_values: less, for what is remembered costs time at the start.
inline constexpr std::size_t max_recorded_history_values = 20'000;

class RecordedHistory {
 public:
  // The record that led to the state `id`. Keeps no more transactions than TransactionHistory does.
  void add(RecordedChange change, const Uuid& id);
  // The record that all others build upon: what it changed is of no interest.
  void start(const Uuid& id);
  const Uuid& last_id() const { return last_id_; }
  // `database` has the rows that the records left. Afterwards there is nothing here.
  TransactionHistory finish(const Database& database);

 private:
  struct Entry {
    Uuid id;
    RecordedChange change;
  };
  Uuid start_;  // Before the first entry.
  Uuid last_id_;
  std::deque<Entry> entries_;
  std::size_t values_ = 0;
};

}  // namespace weft::ovsdb
