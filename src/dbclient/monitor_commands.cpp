// monitor, monitor-cond, monitor-cond-since: what is there, then each change, until the connection ends.
#include <fmt/chrono.h>

#include <chrono>

#include "cli/alarm.hpp"
#include "dbclient/follower.hpp"
#include "dbclient/handlers.hpp"
#include "dbclient/monitored_table.hpp"

namespace weft::dbclient {
namespace {

struct Monitor {
  ovsdb::DatabaseSchema schema;
  std::vector<MonitoredTable> tables;
};

std::string now_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now - seconds);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     milliseconds.count());
}

// `arguments`: the table, then groups of columns.
Result<std::unique_ptr<Monitor>> make_monitor(Context& context, std::span<const std::string> arguments,
                                              const json::value* condition) {
  auto monitor = std::make_unique<Monitor>(Monitor{TRY(context.read_schema(context.database)), {}});
  const auto& schema = monitor->schema;
  const auto groups = arguments.subspan(1);
  const auto named = schema.find(arguments.front());
  if (!named && arguments.front() != "ALL") {
    // Open vSwitch's monitor-cond does not name the server here.
    return fail("usage", fmt::format("{}{} does not have a table named \"{}\"", condition ? "" : context.remote + ": ",
                                     schema.name, arguments.front()));
  }
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    if (named && i != *named) continue;
    auto table = MonitoredTable::parse(schema.name, schema.tables[i], groups, condition);
    if (!table) return fail("usage", fmt::format("{}: {}", context.remote, table.error().details));
    monitor->tables.push_back(*std::move(table));
  }
  return monitor;
}

json::object requests_of(const Monitor& monitor) {
  json::object requests;
  for (const auto& table : monitor.tables) requests[table.name()] = table.requests();
  return requests;
}

Result<> print_updates(Context& context, const Monitor& monitor, const json::value& updates, bool is_initial) {
  const auto* object = updates.if_object();
  if (!object) return fail("protocol error", "the updates of a monitor are " + excerpt(updates));
  for (const auto& each : monitor.tables) {
    const auto* update = object->if_contains(each.name());
    if (!update) continue;
    auto table = TRY(each.rows(*update, is_initial));
    if (monitor.tables.size() > 1) table.caption = each.name();
    if (context.options.timestamp) table.time = now_text();
    context.print_table(table);
  }
  return {};
}

// The parameters of a notification: the monitor's name, for "update3" the transaction, and the updates.
Result<> hear(Context& context, const Monitor& monitor, const json::object& notification) {
  const auto& method = notification.at("method").get_string();
  const auto& params = notification.at("params").get_array();
  if (method == "monitor_canceled") {
    // Or it was converted, which is the same to us.
    return fail("monitor canceled", fmt::format("{}: {} database was removed", context.remote, context.database));
  }
  if (!method.starts_with("update")) return {};
  if (params.size() < 2) return fail("protocol error", "an update of a monitor is " + excerpt(params));
  if (method == "update3" && params[1].is_string())
    context.print(fmt::format("\nlast_id: {}", std::string_view(params[1].get_string())));
  return print_updates(context, monitor, params.at(params.size() - 1), false);
}

Result<json::value> parse_condition(const std::string& text) {
  auto condition = parse_json(text);
  if (!condition) return fail("syntax error", fmt::format("\"{}\": {}", text, condition.error().details));
  return *std::move(condition);
}

// ovsdb-client/cond_change TABLE CONDITION. The updates that follow from it are told as all others.
Result<std::string> change_condition(Context& context, unixctl::Arguments arguments) {
  auto condition = TRY(parse_condition(arguments[1]));
  json::object requests;
  requests[arguments[0]] = json::array{json::object{{"where", std::move(condition)}}};
  TRY(context.call("monitor_cond_change", {nullptr, nullptr, std::move(requests)}));
  return "condition changed";
}

Result<std::string> set_reading(Follower& follower, bool is_reading) {
  if (follower.is_reading() == is_reading) return is_reading ? "already unblocked" : "already blocking";
  follower.set_reading(is_reading);
  return "";
}

Result<json::value> begin(Context& context, std::string_view method, json::array params) {
  if (context.options.db_change_aware) {
    // A server that does not know the method does not end connections either.
    (void)TRY(context.client->exchange("set_db_change_aware", {true}, std::nullopt));
  }
  return context.call(method, std::move(params));
}

Result<> follow(Context& context, const Monitor& monitor) {
  Follower follower(context);
  follower.add({"ovsdb-client/cond_change", "TABLE COND", 2, 2,
                [&](unixctl::Arguments arguments) { return change_condition(context, arguments); }});
  follower.add({"ovsdb-client/block", "", 0, 0, [&](unixctl::Arguments) { return set_reading(follower, false); }});
  follower.add({"ovsdb-client/unblock", "", 0, 0, [&](unixctl::Arguments) { return set_reading(follower, true); }});
  cli::set_activity("waiting for changes");
  return follower.run([&](const json::object& notification) { return hear(context, monitor, notification); });
}

}  // namespace

Result<> monitor(Context& context) {
  const auto monitor = TRY(make_monitor(context, context.arguments, nullptr));
  const auto initial = TRY(begin(context, "monitor", {context.database, nullptr, requests_of(*monitor)}));
  TRY(print_updates(context, *monitor, initial, true));
  return follow(context, *monitor);
}

Result<> monitor_cond(Context& context) {
  const auto condition = TRY(parse_condition(context.arguments.front()));
  const auto monitor = TRY(make_monitor(context, context.arguments.subspan(1), &condition));
  const auto initial = TRY(begin(context, "monitor_cond", {context.database, nullptr, requests_of(*monitor)}));
  TRY(print_updates(context, *monitor, initial, true));
  return follow(context, *monitor);
}

Result<> monitor_cond_since(Context& context) {
  auto arguments = context.arguments;
  auto last = Uuid::parse(arguments.front());
  if (last) arguments = arguments.subspan(1);
  if (arguments.size() < 2) return fail("usage", "invalid syntax for 'monitor-cond-since' (use --help for help)");
  const auto condition = TRY(parse_condition(arguments.front()));
  const auto monitor = TRY(make_monitor(context, arguments.subspan(1), &condition));
  const auto reply = TRY(begin(context, "monitor_cond_since",
                               {context.database, nullptr, requests_of(*monitor), last.value_or(Uuid()).to_string()}));
  const auto* parts = reply.if_array();
  if (!parts || parts->size() != 3 || !(*parts)[0].is_bool() || !(*parts)[1].is_string())
    return fail("protocol error", "the server's answer to \"monitor_cond_since\" is " + excerpt(reply));
  context.print(
      fmt::format("found: {}, last_id: {}\n", (*parts)[0].get_bool(), std::string_view((*parts)[1].get_string())));
  TRY(print_updates(context, *monitor, (*parts)[2], true));
  return follow(context, *monitor);
}

}  // namespace weft::dbclient
