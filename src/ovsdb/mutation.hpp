// Mutations: changes of a column that depend on its value (RFC 7047 section 5.1 <mutation>).
#pragma once

#include "ovsdb/table.hpp"

namespace weft::ovsdb {

enum class Mutator : std::uint8_t { add, subtract, multiply, divide, remainder, insert, erase };
std::string_view name_of(Mutator mutator);  // "+="

struct Mutation {
  std::size_t column = 0;
  Mutator mutator = Mutator::add;
  Datum argument;

  // Errors: "syntax error", "unknown column", "unknown mutator", "constraint violation" (an immutable column).
  static Result<Mutation> from_json(const TableSchema& table, const json::value& value, const NamedUuids& named = {});
  // The column's value becomes another. Errors: "domain error" (division by zero), "range error" (the result does not
  // fit the type), "constraint violation" (it does not fit the column).
  Result<> apply(const TableSchema& table, std::vector<Datum>& columns) const;
};

}  // namespace weft::ovsdb
