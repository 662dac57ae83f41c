// What a server has: databases, their schemas, tables and columns.
#include <fmt/format.h>

#include "dbclient/handlers.hpp"

namespace weft::dbclient {

using cli::Cell;
using cli::Table;

Result<> list_databases(Context& context) {
  const auto names = TRY(context.call("list_dbs", {}));
  if (!names.is_array()) return fail("protocol error", "the server's answer to \"list_dbs\" is " + excerpt(names));
  std::vector<std::string> lines;
  for (const auto& name : names.get_array())
    if (const auto* text = name.if_string()) lines.emplace_back(*text);
  std::ranges::sort(lines);
  for (const auto& line : lines) context.print(line + "\n");
  return {};
}

Result<> get_schema(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  context.print_json(schema.to_json());
  return {};
}

Result<> get_schema_version(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  context.print(schema.version + "\n");
  return {};
}

Result<> get_schema_checksum(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  context.print(schema.checksum + "\n");
  return {};
}

Result<> list_tables(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  Table table{.headings = {"Table"}, .rows = {}};
  for (const auto& each : schema.tables) table.rows.push_back({Cell(each.name)});
  context.print_table(table);
  return {};
}

Result<> list_columns(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  const bool of_all = context.arguments.empty();
  Table table;  // Of a table that there is not: the headings, as scripts know it.
  if (of_all) table.headings = {"Table"};
  table.headings.insert(table.headings.end(), {"Column", "Type"});
  for (const auto& each : schema.tables) {
    if (!of_all && each.name != context.arguments.front()) continue;
    for (const auto& column : each.columns) {
      auto& row = table.rows.emplace_back();
      if (of_all) row.emplace_back(each.name);
      row.emplace_back(column.name);
      row.push_back(Cell::json(column.type.to_json()));
    }
  }
  context.print_table(table);
  return {};
}

Result<> needs_conversion(Context& context) {
  const auto wanted = TRY(read_schema_file(context.arguments.front()));
  const auto present = TRY(context.read_schema(wanted.name));
  context.print(wanted.to_json() == present.to_json() ? "no\n" : "yes\n");
  return {};
}

Result<> convert(Context& context) {
  const auto wanted = TRY(read_schema_file(context.arguments.front()));
  // Otherwise the server ends this connection with all others before it answers. A server that does not know the
  // method does not end connections either.
  (void)TRY(context.client->exchange("set_db_change_aware", {true}, std::nullopt));
  TRY(context.call("convert", {wanted.name, wanted.to_json()}));
  return {};
}

}  // namespace weft::dbclient
