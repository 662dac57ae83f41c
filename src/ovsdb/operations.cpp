#include "ovsdb/operations.hpp"

#include <fmt/format.h>

#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

// Calls visit for the rows that can match: few, where the condition names a row or the columns of a unique index.
void for_each_candidate(const Transaction& transaction, std::size_t table, const Condition& condition,
                        const std::function<bool(const RowPtr&)>& visit) {
  if (const auto* uuid = condition.equality(uuid_column)) {
    if (const auto row = transaction.find(table, *uuid->single<Uuid>())) visit(row);
    return;
  }
  const auto& indexes = transaction.database().schema().tables[table].indexes;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    std::vector<Datum> key;
    for (const auto column : indexes[i]) {
      const auto* value = condition.equality(column);
      if (!value) break;
      key.push_back(*value);
    }
    if (key.size() < indexes[i].size()) continue;
    transaction.for_each_with(table, i, key, visit);
    return;
  }
  transaction.for_each(table, visit);
}

}  // namespace

Result<std::size_t> Execution::table(MemberReader& members) const {
  const auto name = TRY(members.required_string("table"));
  const auto position = schema().find(name);
  if (!position) return members.refuse(fmt::format("No table named {}.", name));
  return *position;
}

Result<std::vector<RowPtr>> Execution::where(MemberReader& members, std::size_t table) {
  const auto* clauses = TRY(members.required_array("where"));
  const auto condition = TRY(Condition::from_json(schema().tables[table], *clauses, named));
  std::vector<RowPtr> rows;
  const auto limit = context.limits.rows_looked_at;
  for_each_candidate(transaction, table, condition, [&](const RowPtr& row) {
    if (condition.matches_all(*row)) rows.push_back(row);
    return ++rows_looked_at <= limit;
  });
  if (rows_looked_at > limit) {
    return fail(resources_exhausted, fmt::format("the transaction looks at more than {} rows", limit));
  }
  return rows;
}

}  // namespace weft::ovsdb
