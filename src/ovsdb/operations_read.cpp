// select, wait (RFC 7047 sections 5.2.2 and 5.2.6).
#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/operations.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/syntax.hpp"
#include "ovsdb/unique_index.hpp"

namespace weft::ovsdb {
namespace {

Result<std::vector<std::size_t>> columns_member(MemberReader& members, const TableSchema& table) {
  if (const auto* names = TRY(members.optional_array("columns"))) return columns_from_json(table, *names);
  return all_columns(table);
}

// The member "rows" as a set of their values in `columns`; what a row leaves out is at its default.
Result<UniqueIndex> expected_rows(Execution& execution, MemberReader& members, const TableSchema& table,
                                  const std::vector<std::size_t>& columns) {
  UniqueIndex expected(columns);
  const auto* array = TRY(members.required_array("rows"));
  for (const auto& each : *array) {
    auto values = TRY(row_from_json(table, each, execution.named));
    auto* row = new Row;
    const RowPtr owner(row);
    row->columns = default_columns(table);
    for (auto& value : values) row->columns[value.column] = std::move(value.value);
    expected.insert(owner);
  }
  return expected;
}

bool same_rows(const std::vector<RowPtr>& rows, const UniqueIndex& expected) {
  UniqueIndex actual(expected.columns());
  for (const auto& row : rows) {
    if (!expected.find_equal(*row)) return false;
    actual.insert(row);
  }
  return actual.size() == expected.size();
}

Result<bool> wants_equality(MemberReader& members) {
  const auto until = TRY(members.required_string("until"));
  if (until != "==" && until != "!=") {
    return fail_at(syntax_error, "\"until\" must be \"==\" or \"!=\"", json::value(until));
  }
  return until == "==";
}

Result<std::optional<std::chrono::milliseconds>> timeout_member(MemberReader& members) {
  if (!members.optional("timeout")) return std::nullopt;
  const auto timeout_ms = TRY(members.optional_integer("timeout", 0));
  if (timeout_ms < 0) return fail_at(syntax_error, "timeout must be nonnegative", timeout_ms);
  return std::chrono::milliseconds(timeout_ms);
}

}  // namespace

Result<Outcome> select_rows(Execution& execution, MemberReader& members) {
  const auto table = TRY(execution.table(members));
  const auto& schema = execution.schema().tables[table];
  const auto columns = TRY(columns_member(members, schema));
  const auto rows = TRY(execution.where(members, table));
  TRY(members.finish());
  const bool may_repeat = std::ranges::find(columns, uuid_column) == columns.end();
  UniqueIndex distinct(columns);  // Rows that look the same are told once.
  json::array array;
  for (const auto& row : rows) {
    if (may_repeat && !distinct.insert(row)) continue;
    for (const auto column : columns) execution.values_returned += 1 + row->columns[column].size();
    if (const auto limit = execution.context.limits.values_returned; execution.values_returned > limit) {
      return fail(resources_exhausted, fmt::format("the transaction asks for more than {} values", limit));
    }
    array.push_back(row_to_json(schema, *row, columns));
  }
  return json::object{{"rows", std::move(array)}};
}

Result<Outcome> wait_for_rows(Execution& execution, MemberReader& members) {
  const auto table = TRY(execution.table(members));
  const auto& schema = execution.schema().tables[table];
  const auto timeout = TRY(timeout_member(members));
  const auto columns = TRY(columns_member(members, schema));
  const auto until_equal = TRY(wants_equality(members));
  const auto expected = TRY(expected_rows(execution, members, schema, columns));
  const auto rows = TRY(execution.where(members, table));
  TRY(members.finish());
  if (same_rows(rows, expected) == until_equal) return json::object();
  if (timeout && execution.context.elapsed >= *timeout) {
    const auto elapsed_ms = execution.context.elapsed.count();
    if (elapsed_ms == 0) return fail(timed_out, "\"where\" clause test failed");
    return fail(timed_out, fmt::format("\"wait\" timed out after {} ms", elapsed_ms));
  }
  return Blocked{timeout};
}

}  // namespace weft::ovsdb
