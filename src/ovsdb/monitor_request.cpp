#include "ovsdb/monitor_request.hpp"

#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"

namespace weft::ovsdb {
namespace {

// One request alone stands for an array of one (ovsdb-server(7) section 4.1.5).
std::span<const json::value> requests_of(const json::value& value) {
  if (const auto* array = value.if_array()) return {array->data(), array->size()};
  return {&value, 1};
}

Result<MonitorSelect> parse_select(const json::value* value) {
  MonitorSelect select;
  if (!value) return select;
  auto members = TRY(MemberReader::open(*value, "monitor select"));
  select.initial = TRY(members.optional_bool("initial", true));
  select.insert = TRY(members.optional_bool("insert", true));
  select.remove = TRY(members.optional_bool("delete", true));
  select.modify = TRY(members.optional_bool("modify", true));
  TRY(members.finish());
  return select;
}

// Positions of the columns asked for; without "columns" all but _uuid, which the row's name tells.
Result<std::vector<std::size_t>> parse_columns(const TableSchema& table, const json::value* value) {
  std::vector<std::size_t> columns;
  if (!value) {
    for (std::size_t column = version_column; column < table.columns.size(); ++column) columns.push_back(column);
    return columns;
  }
  const auto* names = value->if_array();
  if (!names) return fail(syntax_error, "\"columns\" must be an array of column names, not " + excerpt(*value));
  for (const auto& name : *names) {
    const auto column = name.is_string() ? table.find(name.get_string()) : std::nullopt;
    if (!column) return fail(syntax_error, fmt::format("{} is not a column of table {}", excerpt(name), table.name));
    columns.push_back(*column);
  }
  return columns;
}

void merge(MonitorSelect& all, const MonitorSelect& one) {
  all.initial |= one.initial;
  all.insert |= one.insert;
  all.remove |= one.remove;
  all.modify |= one.modify;
}

Result<> add_request(MonitoredTable& monitored, MonitorKind kind, const TableSchema& table, const json::value& value) {
  auto members = TRY(MemberReader::open(value, "monitor request"));
  const auto select = TRY(parse_select(members.optional("select")));
  for (const auto column : TRY(parse_columns(table, members.optional("columns")))) {
    if (std::ranges::find(monitored.columns, column, &MonitoredColumn::column) != monitored.columns.end())
      return fail(syntax_error, fmt::format("column {} of table {} is mentioned more than once",
                                            table.columns[column].name, table.name));
    monitored.columns.push_back({column, select});
  }
  // "monitor" knows no conditions: there, a "where" is an unknown member.
  TRY(monitored.condition.add(table, kind == MonitorKind::monitor ? nullptr : members.optional("where")));
  merge(monitored.select, select);
  return members.finish();
}

Result<std::size_t> find_table(const DatabaseSchema& schema, std::string_view name) {
  const auto table = schema.find(name);
  if (!table) return fail(syntax_error, fmt::format("no table {} in database {}", name, schema.name));
  return *table;
}

Result<const json::object*> open_requests(const json::value& requests) {
  if (!requests.is_object()) return fail(syntax_error, "monitor requests must be an object of tables");
  return &requests.get_object();
}

}  // namespace

Result<MonitoredTables> parse_monitor_requests(MonitorKind kind, const DatabaseSchema& schema,
                                               const json::value& requests) {
  MonitoredTables tables;
  for (const auto& member : *TRY(open_requests(requests))) {
    const auto position = TRY(find_table(schema, member.key()));
    MonitoredTable monitored;
    monitored.select = {false, false, false, false};
    for (const auto& request : requests_of(member.value()))
      TRY(add_request(monitored, kind, schema.tables[position], request));
    tables.emplace(position, std::move(monitored));
  }
  return tables;
}

Result<std::map<std::size_t, MonitorCondition>> parse_condition_changes(const DatabaseSchema& schema,
                                                                        const MonitoredTables& tables,
                                                                        const json::value& requests) {
  std::map<std::size_t, MonitorCondition> changes;
  for (const auto& member : *TRY(open_requests(requests))) {
    const auto position = TRY(find_table(schema, member.key()));
    if (!tables.contains(position))
      return fail(syntax_error, fmt::format("table {} is not part of the monitor", std::string_view(member.key())));
    for (const auto& request : requests_of(member.value())) {
      auto members = TRY(MemberReader::open(request, "monitor condition change"));
      members.optional("columns");  // Changing the columns is not supported (ovsdb-server(7) section 4.1.13).
      TRY(changes[position].add(schema.tables[position], members.optional("where")));
      TRY(members.finish());
    }
  }
  return changes;
}

}  // namespace weft::ovsdb
