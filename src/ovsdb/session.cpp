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

Session::Session(Service& service, Output output, IsBehind is_behind)
    : service_(service), output_(std::move(output)), is_behind_(std::move(is_behind)), id_(service.attach(*this)) {}

Session::~Session() { service_.detach(id_); }

Result<> Session::receive(json::value message) {
  auto parsed = TRY(parse_message(std::move(message)));
  if (auto* request = std::get_if<Request>(&parsed)) {
    const auto method = std::ranges::find(methods, request->method, &Method::name);
    // Clients recognize the bare string, and fall back to an older method.
    auto outcome = method == std::ranges::end(methods) ? Answer(std::unexpected(json::value("unknown method")))
                                                       : (this->*method->handler)(*request);
    answer(std::move(outcome), std::move(request->id));
  } else if (auto* notification = std::get_if<Notification>(&parsed)) {
    handle(*notification);
  }
  // A reply: we ask nothing, so it answers nothing.
  return {};
}

void Session::say(std::string message) {
  catch_up();  // In the order in which it happened.
  output_(std::move(message));
}

void Session::answer(Answer answer, json::value id) {
  if (!answer) return;
  say(to_text(*answer ? make_reply(std::move(**answer), std::move(id))
                      : make_error_reply(std::move(answer->error()), std::move(id))));
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
  if (auto* served = service_.find(*name)) return served;
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

// Nothing to remember: our databases neither come nor go while a client is connected.
Session::Answer Session::set_db_change_aware(Request& request) {
  if (request.params.size() != 1 || !request.params[0].is_bool())
    return std::unexpected(
        to_json(Error{syntax_error, "set_db_change_aware: true or false parameter expected"}, request.params));
  return json::object();
}

Session::Answer Session::convert(Request& request) {
  const auto served = database_of(request);
  if (!served) return std::unexpected(served.error());
  return std::unexpected(to_json(Error{not_supported, fmt::format("database {} cannot be converted while it is served",
                                                                  request.params[0].as_string().c_str())}));
}

}  // namespace weft::ovsdb
