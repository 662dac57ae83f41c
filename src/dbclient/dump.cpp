// dump: the content of tables, rows in order of their values.
#include <fmt/format.h>

#include "dbclient/handlers.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::dbclient {
namespace {

struct Dumped {
  const ovsdb::TableSchema* table;
  std::vector<std::size_t> columns;  // In order of their names.
};

// `names`: none for all but _version.
Result<std::vector<std::size_t>> pick_columns(const ovsdb::TableSchema& table, std::span<const std::string> names) {
  std::vector<std::size_t> columns;
  for (const auto& name : names) {
    const auto position = table.find(name);
    if (!position) return fail("usage", fmt::format("Table \"{}\" has no column {}.", table.name, name));
    columns.push_back(*position);
  }
  if (names.empty()) {
    columns = ovsdb::all_columns(table);
    std::erase(columns, ovsdb::version_column);
  }
  std::ranges::sort(columns, {}, [&](std::size_t column) { return std::string_view(table.columns[column].name); });
  return columns;
}

json::object select_operation(const Dumped& dumped) {
  json::array names;
  for (const auto column : dumped.columns) names.emplace_back(dumped.table->columns[column].name);
  return {{"op", "select"}, {"table", dumped.table->name}, {"where", json::array()}, {"columns", std::move(names)}};
}

// By what a person knows of a row, from the left; by its UUID only where all else is the same.
bool comes_first(const Dumped& dumped, const std::vector<ovsdb::Datum>& a, const std::vector<ovsdb::Datum>& b) {
  for (const auto column : dumped.columns) {
    if (column == ovsdb::uuid_column) continue;
    if (const auto order = compare(a[column], b[column]); order != 0) return order < 0;
  }
  return compare(a[ovsdb::uuid_column], b[ovsdb::uuid_column]) < 0;
}

Result<cli::Table> table_of(const Dumped& dumped, const json::value& result) {
  const auto* object = result.if_object();
  const auto* rows = object ? object->if_contains("rows") : nullptr;
  if (!rows || !rows->is_array()) return fail("protocol error", "the answer to \"select\" is " + excerpt(result));
  std::vector<std::vector<ovsdb::Datum>> data;
  for (const auto& row : rows->get_array()) {
    auto& values = data.emplace_back(dumped.table->columns.size());
    for (auto& [column, value] : TRY(ovsdb::row_from_json(*dumped.table, row))) values[column] = std::move(value);
  }
  std::ranges::sort(data, [&](const auto& a, const auto& b) { return comes_first(dumped, a, b); });
  cli::Table table{.headings = {}, .rows = {}, .caption = dumped.table->name + " table"};
  for (const auto column : dumped.columns) table.headings.push_back(dumped.table->columns[column].name);
  for (auto& values : data) {
    auto& cells = table.rows.emplace_back();
    for (const auto column : dumped.columns)
      cells.emplace_back(&dumped.table->columns[column].type, std::move(values[column]));
  }
  return table;
}

}  // namespace

Result<> dump(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  std::vector<Dumped> dumped;
  if (context.arguments.empty()) {
    for (const auto& table : schema.tables) dumped.push_back({&table, TRY(pick_columns(table, {}))});
  } else {
    const auto position = schema.find(context.arguments.front());
    if (!position) return fail("usage", fmt::format("No table \"{}\" found.", context.arguments.front()));
    const auto& table = schema.tables[*position];
    dumped.push_back({&table, TRY(pick_columns(table, context.arguments.subspan(1)))});
  }
  json::array operations;  // One transaction: the tables belong together.
  for (const auto& each : dumped) operations.push_back(select_operation(each));
  const auto results = TRY(context.transact(std::move(operations)));
  if (results.size() < dumped.size()) return fail("protocol error", "the server left out results of a transaction");
  for (std::size_t i = 0; i < dumped.size(); ++i) context.print_table(TRY(table_of(dumped[i], results[i])));
  return {};
}

}  // namespace weft::dbclient
