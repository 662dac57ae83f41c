// insert, update, mutate, delete (RFC 7047 sections 5.2.1, 5.2.3 to 5.2.5).
#include <fmt/format.h>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/mutation.hpp"
#include "ovsdb/operations.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

// The member "uuid", an extension of ovsdb-server(7) section 5.2.1.
Result<std::optional<Uuid>> chosen_uuid(Execution& execution, MemberReader& members, std::size_t table) {
  if (!members.optional("uuid")) return std::nullopt;
  const auto text = TRY(members.required_string("uuid"));
  const auto uuid = Uuid::parse(text);
  if (!uuid) return fail_at(syntax_error, "bad uuid", json::value(text));
  if (execution.transaction.find(table, *uuid) || execution.transaction.has_erased(table, *uuid)) {
    return fail_at(duplicate_uuid,
                   "This UUID would duplicate a UUID already present within the table or deleted within the same "
                   "transaction.",
                   json::value(text));
  }
  return uuid;
}

Result<Uuid> new_uuid(Execution& execution, MemberReader& members, std::size_t table) {
  const auto chosen = TRY(chosen_uuid(execution, members, table));
  if (!members.optional("uuid-name")) return chosen.value_or(Uuid::random());
  const auto name = TRY(members.required_identifier("uuid-name"));
  return execution.names.define(name, chosen);
}

// Defaults may break the constraints of columns that the insert did not set.
Result<> check_defaults(const TableSchema& table, const std::vector<Datum>& columns) {
  for (std::size_t i = first_own_column; i < columns.size(); ++i) {
    const auto& column = table.columns[i];
    if (!columns[i].is_same_object(column.default_value) || columns[i].empty()) continue;
    TRY(column.type.check(columns[i]));
  }
  return {};
}

json::object count_object(std::size_t count) { return {{"count", count}}; }

}  // namespace

Result<Outcome> insert_row(Execution& execution, MemberReader& members) {
  const auto table = TRY(execution.table(members));
  const auto& schema = execution.schema().tables[table];
  const auto* row = TRY(members.required_object("row"));
  const auto uuid = TRY(new_uuid(execution, members, table));
  TRY(members.finish());
  auto columns = default_columns(schema);
  auto values = TRY(row_from_json(schema, *row, execution.named));
  for (auto& value : values) columns[value.column] = std::move(value.value);
  TRY(check_defaults(schema, columns));
  columns[uuid_column] = Datum::scalar(uuid);
  const auto rules = execution.rules(table);
  TRY(rules.may_ever(RoleRules::Change::insertion));
  TRY(rules.may_insert(columns));
  execution.transaction.insert(table, std::move(columns));
  return json::object{{"uuid", json::array{"uuid", uuid.to_string()}}};
}

Result<Outcome> update_rows(Execution& execution, MemberReader& members) {
  const auto table = TRY(execution.table(members));
  const auto& schema = execution.schema().tables[table];
  const auto* row = TRY(members.required_object("row"));
  const auto values = TRY(row_from_json(schema, *row, execution.named));
  for (const auto& value : values) {
    const auto& column = schema.columns[value.column];
    if (!column.is_mutable) {
      return members.fail(constraint_violation,
                          fmt::format("Cannot update immutable column {} in table {}.", column.name, schema.name));
    }
  }
  const auto rows = TRY(execution.where(members, table));
  TRY(members.finish());
  const auto rules = execution.rules(table);
  TRY(rules.may_ever(RoleRules::Change::update));
  for (const auto& old : rows) {
    auto columns = old->columns;
    for (const auto& value : values) columns[value.column] = value.value;
    TRY(rules.may_update(*old, columns, values));
    execution.transaction.replace(table, old->uuid(), std::move(columns));
  }
  return count_object(rows.size());
}

Result<Outcome> mutate_rows(Execution& execution, MemberReader& members) {
  const auto table = TRY(execution.table(members));
  const auto& schema = execution.schema().tables[table];
  const auto* array = TRY(members.required_array("mutations"));
  std::vector<Mutation> mutations;
  for (const auto& value : *array) mutations.push_back(TRY(Mutation::from_json(schema, value, execution.named)));
  const auto rows = TRY(execution.where(members, table));
  TRY(members.finish());
  const auto rules = execution.rules(table);
  TRY(rules.may_ever(RoleRules::Change::mutation));
  for (const auto& old : rows) {
    auto columns = old->columns;
    for (const auto& mutation : mutations) TRY(mutation.apply(schema, columns));
    TRY(rules.may_mutate(*old, columns, mutations));
    execution.transaction.replace(table, old->uuid(), std::move(columns));
  }
  return count_object(rows.size());
}

Result<Outcome> delete_rows(Execution& execution, MemberReader& members) {
  const auto table = TRY(execution.table(members));
  const auto rows = TRY(execution.where(members, table));
  TRY(members.finish());
  const auto rules = execution.rules(table);
  TRY(rules.may_ever(RoleRules::Change::deletion));
  for (const auto& row : rows) {
    TRY(rules.may_erase(*row));
    execution.transaction.erase(table, row->uuid());
  }
  return count_object(rows.size());
}

}  // namespace weft::ovsdb
