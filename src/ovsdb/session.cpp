#include "ovsdb/session.hpp"

#include "base/log.hpp"
#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_jsonrpc_server");

}  // namespace

constexpr Session::Method Session::methods[] = {
    {"echo", &Session::echo},
    {"list_dbs", &Session::list_dbs},
    {"get_schema", &Session::get_schema},
    {"get_server_id", &Session::get_server_id},
    {"set_db_change_aware", &Session::set_db_change_aware},
    {"convert", &Session::convert},
    {"transact", &Session::transact},
    {"monitor", &Session::monitor},
    {"monitor_cond", &Session::monitor_cond},
    {"monitor_cond_since", &Session::monitor_cond_since},
    {"monitor_cond_change", &Session::monitor_cond_change},
    {"monitor_cancel", &Session::monitor_cancel},
    {"lock", &Session::lock},
    {"steal", &Session::steal},
    {"unlock", &Session::unlock},
};

Session::Session(Service& service, Output output, Disconnect disconnect, IsBehind is_behind, Access access)
    : service_(service),
      output_(std::move(output)),
      disconnect_(std::move(disconnect)),
      is_behind_(std::move(is_behind)),
      access_(std::move(access)),
      id_(service.attach(*this)) {}

Session::~Session() { service_.detach(id_); }

Result<> Session::receive(json::value message) {
  auto parsed = TRY(jsonrpc::parse_message(std::move(message)));
  if (auto* request = std::get_if<Request>(&parsed)) {
    const auto* method = find_method(request->method);
    // Clients recognize the bare string, and fall back to an older method.
    auto outcome = method ? (this->*method->handler)(*request) : Answer(std::unexpected(json::value("unknown method")));
    answer(std::move(outcome), std::move(request->id));
  } else if (auto* notification = std::get_if<Notification>(&parsed)) {
    handle(*notification);
  }
  // A reply: we ask nothing, so it answers nothing.
  return {};
}

const Session::Method* Session::find_method(std::string_view name) const {
  const bool is_conditional = name == "monitor_cond" || name == "monitor_cond_since";
  if (is_conditional && !service_.has_conditional_monitors()) return nullptr;
  const auto* method = std::ranges::find(methods, name, &Method::name);
  return method == std::ranges::end(methods) ? nullptr : method;
}

void Session::say(std::string message) {
  catch_up();  // In the order in which it happened.
  output_(std::move(message));
}

void Session::answer(Answer answer, json::value id) {
  if (!answer) return;
  say(to_text(*answer ? jsonrpc::make_reply(std::move(**answer), std::move(id))
                      : jsonrpc::make_error_reply(std::move(answer->error()), std::move(id))));
}

void Session::handle(Notification& notification) {
  if (notification.method == "cancel") {
    cancel(notification.params);
  } else {
    log.debug("database client {}: unknown notification \"{}\" ignored", id_, notification.method);
  }
}

std::expected<ServedDatabase*, json::value> Session::database_of(const Request& request) {
  const auto* name = request.params.empty() ? nullptr : request.params[0].if_string();
  if (!name)
    return std::unexpected(
        to_json(Error{syntax_error, fmt::format("{} request params must begin with <db-name>", request.method)},
                request.params));
  if (auto* served = service_.find(*name)) {
    if (served->is_available) return served;
    return std::unexpected(to_json(
        Error{database_not_available,
              fmt::format("{} request specifies database {} which is not yet available because it has not completed "
                          "joining its cluster",
                          request.method, std::string_view(*name))}));
  }
  return std::unexpected(to_json(Error{unknown_database, fmt::format("{} request specifies unknown database {}",
                                                                     request.method, std::string_view(*name))},
                                 request.params));
}

Session::Answer Session::echo(Request& request) { return std::move(request.params); }

Session::Answer Session::list_dbs(Request&) {
  json::array names;
  for (const auto& [name, served] : service_.databases()) names.push_back(json::value(name));
  return names;
}

Session::Answer Session::get_schema(Request& request) {
  const auto served = database_of(request);
  if (!served) return std::unexpected(served.error());
  return (*served)->database->schema().to_json();
}

Session::Answer Session::get_server_id(Request&) { return json::value(service_.server_id()); }

Session::Answer Session::set_db_change_aware(Request& request) {
  if (request.params.size() != 1 || !request.params[0].is_bool())
    return std::unexpected(
        to_json(Error{syntax_error, "set_db_change_aware: true or false parameter expected"}, request.params));
  is_db_change_aware_ = request.params[0].get_bool();
  return json::object();
}

// ovsdb-server(7) section 4.1.21: the database's name, and its new schema.
Session::Answer Session::convert(Request& request) {
  const auto served = database_of(request);
  if (!served) return std::unexpected(served.error());
  if (request.params.size() != 2)
    return std::unexpected(to_json(Error{syntax_error, "array expected"}, request.params));
  const auto schema = DatabaseSchema::from_json(request.params[1]);
  if (!schema) return std::unexpected(to_json(schema.error()));
  const std::string_view name = request.params[0].get_string();
  if (schema->name != name)
    return std::unexpected(
        to_json(Error{"invalid parameters",
                      fmt::format("new schema name ({}) does not match database name ({})", schema->name, name)}));
  if ((*served)->read_only || is_read_only())
    return std::unexpected(
        to_json(Error{not_allowed, "convert operation not allowed when database server is in read only mode"}));
  if (!access_.role.empty())
    return std::unexpected(
        to_json(Error{permission_error, fmt::format("clients of role \"{}\" cannot convert databases", access_.role)}));
  if ((*served)->source)
    return std::unexpected(to_json(
        Error{not_supported, fmt::format("{} is a relay's copy: convert it at the server that it follows", name)}));
  if (const auto converted = service_.convert(**served, *schema); !converted)
    return std::unexpected(to_json(converted.error()));
  return json::object();
}

void Session::forget(const ServedDatabase& served) {
  catch_up();
  std::erase_if(monitors_, [&](const Monitor& monitor) {
    if (&monitor.database() != served.database) return false;
    output_(to_text(jsonrpc::make_notification("monitor_canceled", {monitor.id()})));
    return true;
  });
  std::erase_if(blocked_, [&](Blocked& transaction) {
    if (transaction.served != &served) return false;
    answer(std::unexpected(json::value("canceled")), std::move(transaction.id));
    return true;
  });
}

}  // namespace weft::ovsdb
