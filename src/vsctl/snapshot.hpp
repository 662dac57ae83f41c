// What one run of a command line has read of the database: only the rows and columns it asked for. A question asked
// twice is answered from memory. What the run decided on can be turned into guards: "wait" operations that make the
// commit fail if the answer has changed since (RFC 7047 section 5.2.6, timeout 0: the clients' optimistic lock).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ovsdb/schema.hpp"

namespace weft::vsctl {

// Runs the operations in one transaction; the result has one entry for each. An entry that is an error is an Error.
using Transact = std::function<Result<json::array>(json::array operations)>;

// Positions are those in the schema.
struct Clause {
  enum Relation { equals, includes };
  std::size_t column;
  Relation relation;
  ovsdb::Datum value;
};

enum class Guard {
  none,     // Shown, not decided on.
  rows,     // Decided on which rows there are.
  columns,  // Decided on the columns' values too.
};

struct Question {
  std::size_t table;
  std::optional<Clause> where;  // Absent: every row.
  std::vector<std::size_t> columns;
  Guard guard;
};

class Snapshot {
 public:
  Snapshot(const ovsdb::DatabaseSchema& schema, Transact transact);

  // The rows that answer each question; their columns are then cached. All questions go in one round trip.
  Result<std::vector<std::vector<Uuid>>> ask(std::span<const Question> questions);
  // The value of a cached column was decided on.
  void guard(std::size_t table, const Uuid& row, std::size_t column);
  // Null if nobody asked for it.
  const ovsdb::Datum* cached(std::size_t table, const Uuid& row, std::size_t column) const;

  json::array guards() const;
  // By table, the columns whose values the answers depend on.
  std::map<std::size_t, std::set<std::size_t>> columns_read() const;
  std::size_t round_trips() const { return round_trips_; }

 private:
  using CachedRow = std::map<std::size_t, ovsdb::Datum>;
  struct Answer {
    json::array where;
    std::optional<std::size_t> where_column;
    std::vector<Uuid> rows;
    std::optional<std::set<std::size_t>> guarded;  // Absent: no guard; else these columns and which rows there are.
  };

  json::array where_of(std::size_t table, const std::optional<Clause>& where) const;
  bool can_answer(const Question& question, const Answer& answer) const;
  Result<> remember(const Question& question, Answer& answer, const json::value& result);
  json::object guard_for(std::size_t table, const Answer& answer) const;

  const ovsdb::DatabaseSchema& schema_;
  Transact transact_;
  std::vector<std::unordered_map<Uuid, CachedRow>> rows_;            // By table.
  std::vector<std::map<std::string, Answer, std::less<>>> answers_;  // By table, then by the condition's text.
  std::size_t round_trips_ = 0;
};

}  // namespace weft::vsctl
