#include "ovsdb/monitor_request.hpp"

#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

// One request alone stands for an array of one (ovsdb-server(7) section 4.1.5).
std::span<const json::value> requests_of(const json::value& value) {
  if (const auto* array = value.if_array()) return {array->data(), array->size()};
  return {&value, 1};
}

Result<MonitorSelect> parse_select(const std::string& table, MemberReader& request) {
  MonitorSelect select;
  const auto* value = request.optional("select");
  if (!value) return select;
  if (!value->is_object()) return request.wrong_type("select");
  const auto what = fmt::format("table {} select", table);
  auto members = TRY(MemberReader::open(*value, what));
  select.initial = TRY(members.optional_bool("initial", true));
  select.insert = TRY(members.optional_bool("insert", true));
  select.remove = TRY(members.optional_bool("delete", true));
  select.modify = TRY(members.optional_bool("modify", true));
  TRY(members.finish());
  return select;
}

// Positions of the columns asked for; without "columns" all but _uuid, which the row's name tells.
Result<std::vector<std::size_t>> parse_columns(const TableSchema& table, const json::array* names) {
  std::vector<std::size_t> columns;
  if (!names) {
    for (std::size_t column = version_column; column < table.columns.size(); ++column) columns.push_back(column);
    return columns;
  }
  for (const auto& name : *names) {
    if (!name.is_string()) return fail_at(syntax_error, "array of column names expected", *names);
    const auto column = table.find(name.get_string());
    if (!column) return no_such_column(name.get_string(), *names);
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
  const auto what = fmt::format("table {}", table.name);
  auto members = TRY(MemberReader::open(value, what));
  const auto select = TRY(parse_select(table.name, members));
  const auto* names = TRY(members.optional_array("columns"));
  for (const auto column : TRY(parse_columns(table, names))) {
    if (std::ranges::find(monitored.columns, column, &MonitoredColumn::column) != monitored.columns.end())
      return fail_at(syntax_error, fmt::format("column {} mentioned more than once", table.columns[column].name),
                     names ? json::value(*names) : value);
    monitored.columns.push_back({column, select});
  }
  // "monitor" knows no conditions: there, a "where" is an unknown member.
  const auto* where = kind == MonitorKind::monitor ? nullptr : TRY(members.optional_array("where"));
  TRY(monitored.condition.add(table, where));
  merge(monitored.select, select);
  return members.finish();
}

Result<std::size_t> find_table(const DatabaseSchema& schema, std::string_view name) {
  const auto table = schema.find(name);
  if (!table) return fail(syntax_error, fmt::format("no table named {}", name));
  return *table;
}

}  // namespace

Result<MonitoredTables> parse_monitor_requests(MonitorKind kind, const DatabaseSchema& schema,
                                               const json::value& requests) {
  MonitoredTables tables;
  if (!requests.is_object()) return fail_at(syntax_error, "monitor-requests must be object", requests);
  for (const auto& member : requests.get_object()) {
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
  if (!requests.is_object()) return fail(syntax_error, "monitor-cond-change-requests must be object");
  for (const auto& member : requests.get_object()) {
    const auto position = TRY(find_table(schema, member.key()));
    const auto& table = schema.tables[position];
    if (!tables.contains(position))
      return fail(syntax_error, fmt::format("no table named {} in monitor session", table.name));
    if (!member.value().is_array())
      return fail(syntax_error, fmt::format("table {} no monitor-cond-change JSON array", table.name));
    for (const auto& request : member.value().get_array()) {
      const auto what = fmt::format("table {}", table.name);
      auto members = TRY(MemberReader::open(request, what));
      members.optional("columns");  // Changing the columns is not supported (ovsdb-server(7) section 4.1.13).
      const auto* where = TRY(members.optional_array("where"));
      TRY(changes[position].add(table, where));
      TRY(members.finish());
    }
  }
  return changes;
}

}  // namespace weft::ovsdb
