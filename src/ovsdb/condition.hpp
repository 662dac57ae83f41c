// Conditions: which rows an operation or a monitor is about (RFC 7047 section 5.1 <condition>; ovsdb-server(7)).
#pragma once

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

enum class Function : std::uint8_t {
  always,  // The clauses true and false, which have no column.
  never,
  less,
  less_or_equal,
  equal,
  not_equal,
  greater_or_equal,
  greater,
  includes,
  excludes,
};

struct Clause {
  std::size_t column = 0;
  Function function = Function::always;
  Datum argument;

  bool holds(const Row& row) const;
};

class Condition {
 public:
  // Errors: "syntax error", "unknown column", "unknown function", "constraint violation".
  static Result<Condition> from_json(const TableSchema& table, const json::array& clauses,
                                     const NamedUuids& named = {});

  const std::vector<Clause>& clauses() const { return clauses_; }
  // As in the "where" of an operation. No clauses: every row.
  bool matches_all(const Row& row) const;
  // As in the "where" of a monitor. No clauses: every row.
  bool matches_any(const Row& row) const;
  // The argument of an equality in the column, or null. If all clauses must hold, this value must.
  const Datum* equality(std::size_t column) const;

 private:
  std::vector<Clause> clauses_;
};

}  // namespace weft::ovsdb
