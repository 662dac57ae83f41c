// ovs-vsctl(8) "Database Command Syntax": list, find, get, wait-until.
#include <fmt/format.h>

#include "vsctl/column_argument.hpp"
#include "vsctl/handlers.hpp"
#include "vsctl/name_lookup.hpp"
#include "vsctl/record_lookup.hpp"
#include "vsctl/value_syntax.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;
using ovsdb::TableSchema;

Result<const TableSchema*> table_named(Context& context, std::string_view name) {
  return &context.view().schema().tables[TRY(find_table(context.view().schema(), name))];
}

// The columns that --columns names, or all but _version.
Result<std::vector<std::size_t>> wanted_columns(Context& context, const TableSchema& table) {
  std::vector<std::size_t> columns;
  const auto option = context.option("--columns");
  if (!option) {
    columns.push_back(ovsdb::uuid_column);
    for (auto i = ovsdb::first_own_column; i < table.columns.size(); ++i) columns.push_back(i);
    return columns;
  }
  constexpr std::string_view separators = ", ";
  for (std::string_view rest = *option; !rest.empty();) {
    const auto end = std::min(rest.find_first_of(separators), rest.size());
    if (end > 0) columns.push_back(TRY(find_shown_column(table, rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (columns.empty()) return fail("usage", "must specify at least one column name");
  return columns;
}

std::vector<std::string_view> names_of(const TableSchema& table, const std::vector<std::size_t>& columns) {
  std::vector<std::string_view> names;
  for (const auto column : columns) names.push_back(table.columns[column].name);
  return names;
}

Table empty_table(const TableSchema& schema, const std::vector<std::size_t>& columns) {
  Table table;
  for (const auto column : columns) table.headings.push_back(schema.columns[column].name);
  return table;
}

Result<> append_row(Context& context, const TableSchema& schema, const std::vector<std::size_t>& columns,
                    const Uuid& row, Table& table) {
  std::vector<Cell> cells;
  for (const auto column : columns) {
    const auto& [name, type, ephemeral, is_mutable, default_value] = schema.columns[column];
    cells.push_back({&type, TRY(context.view().read(schema.name, row, name, Guard::none))});
  }
  table.rows.push_back(std::move(cells));
  return {};
}

// By name where the records have one, else by UUID: the same order every time.
Result<> sort_records(Context& context, const TableSchema& table, RowIds& rows) {
  if (!table.find("name")) {
    std::ranges::sort(rows);
    return {};
  }
  std::vector<std::pair<std::string, Uuid>> named;
  for (const auto& row : rows) {
    const auto name = TRY(context.view().read(table.name, row, "name", Guard::none));
    const auto* text = name.single<std::string>();
    named.emplace_back(text ? *text : "", row);
  }
  std::ranges::sort(named);
  std::ranges::transform(named, rows.begin(), &std::pair<std::string, Uuid>::second);
  return {};
}

Result<std::vector<Condition>> parse_conditions(Context& context, const TableSchema& table, std::size_t first) {
  std::vector<Condition> conditions;
  const auto arguments = std::span(context.arguments()).subspan(first);
  for (const auto& argument : arguments) TRY(parse_column(table, argument));
  for (const auto& argument : arguments) {
    conditions.push_back(TRY(parse_condition(table, argument, context.symbols())));
  }
  return conditions;
}

Result<bool> satisfies(Context& context, const TableSchema& table, const Uuid& row,
                       const std::vector<Condition>& conditions, Guard guard) {
  for (const auto& condition : conditions) {
    const auto value = TRY(context.view().read(table.name, row, table.columns[condition.column].name, guard));
    if (!condition.holds_for(value)) return false;
  }
  return true;
}

// What the server can look up by itself, so that not the whole table has to come.
std::optional<Where> selective_part(const TableSchema& table, const std::vector<Condition>& conditions) {
  for (const auto& condition : conditions) {
    const auto& column = table.columns[condition.column];
    if (condition.relation != Relation::equal) continue;
    if (!condition.key && column.type.is_scalar()) return Where{column.name, Clause::equals, condition.value};
    if (condition.key && condition.value.size() == 1) {
      return Where{column.name, Clause::includes, Datum::map({{*condition.key, condition.value.keys().front()}})};
    }
  }
  return std::nullopt;
}

// Rows of the table, with all that is printed or compared read along.
Result<RowIds> candidates(Context& context, const TableSchema& table, const std::vector<std::size_t>& columns,
                          const std::vector<Condition>& conditions) {
  auto names = names_of(table, columns);
  for (const auto& condition : conditions) names.push_back(table.columns[condition.column].name);
  if (table.find("name")) names.push_back("name");
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return context.view().select({.table = table.name,
                                .where = selective_part(table, conditions),
                                .columns = std::move(names),
                                .guard = Guard::none});
}

}  // namespace

Result<Outcome> list_records(Context& context) {
  const auto& schema = *TRY(table_named(context, context.argument(0)));
  const auto columns = TRY(wanted_columns(context, schema));
  auto table = empty_table(schema, columns);
  RowIds rows;
  if (context.arguments().size() == 1) {
    rows = TRY(candidates(context, schema, columns, {}));
    TRY(sort_records(context, schema, rows));
  }
  for (const auto& id : std::span(context.arguments()).subspan(1)) {
    const auto found = TRY(find_record(context.view(), schema.name, id, names_of(schema, columns)));
    if (!found && !context.has("--if-exists")) TRY(require_record(context.view(), schema.name, id));
    if (found) rows.push_back(*found);
  }
  for (const auto& row : rows) TRY(append_row(context, schema, columns, row, table));
  context.table = std::move(table);
  return Outcome::done;
}

Result<Outcome> find_records(Context& context) {
  const auto& schema = *TRY(table_named(context, context.argument(0)));
  const auto columns = TRY(wanted_columns(context, schema));
  const auto conditions = TRY(parse_conditions(context, schema, 1));
  auto table = empty_table(schema, columns);
  auto rows = TRY(candidates(context, schema, columns, conditions));
  TRY(sort_records(context, schema, rows));
  for (const auto& row : rows) {
    if (!TRY(satisfies(context, schema, row, conditions, Guard::none))) continue;
    TRY(append_row(context, schema, columns, row, table));
  }
  context.table = std::move(table);
  return Outcome::done;
}

namespace {

Result<> print_column(Context& context, const TableSchema& schema, const std::string& id, const Uuid& row,
                      const ColumnKey& wanted) {
  const auto& column = schema.columns[wanted.column];
  const auto value = TRY(context.view().read(schema.name, row, column.name));
  if (!wanted.key) {
    context.print_line(format_datum(column.type, value));
    return {};
  }
  const auto key = TRY(parse_atom(column.type.key, *wanted.key, context.symbols()));
  if (const auto* found = value.value_of(key)) {
    context.print_line(format_atom(*found));
  } else if (context.has("--if-exists")) {
    context.print_line("");
  } else {
    return fail("no such key",
                fmt::format("no key \"{}\" in {} record \"{}\" column {}", *wanted.key, schema.name, id, column.name));
  }
  return {};
}

}  // namespace

Result<Outcome> get_columns(Context& context) {
  if (context.has("--if-exists") && context.has("--id")) {
    return fail("usage", "--if-exists and --id may not be specified together");
  }
  const auto& schema = *TRY(table_named(context, context.argument(0)));
  const auto& id = context.argument(1);
  const auto arguments = std::span(context.arguments()).subspan(2);
  std::vector<std::string_view> names;
  for (const auto& argument : arguments) names.push_back(schema.columns[TRY(parse_column(schema, argument))].name);
  const auto row = TRY(find_record(context.view(), schema.name, id, names));
  if (!row && context.has("--if-exists")) return Outcome::done;
  if (!row) TRY(require_record(context.view(), schema.name, id));
  if (const auto name = context.option("--id")) TRY(context.symbols().bind(*name, *row));
  for (const auto& argument : arguments) {
    const auto column = TRY(parse_column_key(schema, argument));
    TRY(print_column(context, schema, id, *row, column));
  }
  return Outcome::done;
}

Result<Outcome> wait_until(Context& context) {
  const auto& schema = *TRY(table_named(context, context.argument(0)));
  const auto conditions = TRY(parse_conditions(context, schema, 2));
  std::vector<std::string_view> names;
  for (const auto& condition : conditions) names.push_back(schema.columns[condition.column].name);
  const auto row = TRY(find_record(context.view(), schema.name, context.argument(1), names));
  if (!row) return Outcome::not_yet;
  return TRY(satisfies(context, schema, *row, conditions, Guard::columns)) ? Outcome::done : Outcome::not_yet;
}

}  // namespace weft::vsctl
