// wait: until a server has a database, or has it no more. The server itself may come later, too.
#include <fmt/format.h>

#include <thread>

#include "cli/alarm.hpp"
#include "dbclient/handlers.hpp"
#include "dbclient/target.hpp"

namespace weft::dbclient {
namespace {

enum class Wanted { added, connected, removed };

constexpr std::chrono::milliseconds retry_pause{200};

Result<Wanted> parse_state(const std::string& text) {
  if (text == "added") return Wanted::added;
  if (text == "connected") return Wanted::connected;
  if (text == "removed") return Wanted::removed;
  return fail("usage", text + ": unknown state");
}

// ovsdb-server(5): the table Database of the database _Server.
Result<bool> is_so(Context& context, const std::string& name, Wanted wanted) {
  const auto results = TRY(context.transact({json::object{
      {"op", "select"}, {"table", "Database"}, {"where", {{"name", "==", name}}}, {"columns", {"connected"}}}}));
  const auto* object = results.empty() ? nullptr : results.front().if_object();
  const auto* rows = object ? object->if_contains("rows") : nullptr;
  if (!rows || !rows->is_array()) return fail("protocol error", "the answer to \"select\" is " + excerpt(results));
  if (wanted == Wanted::removed) return rows->get_array().empty();
  if (rows->get_array().empty()) return false;
  const auto* row = rows->get_array().front().if_object();
  const auto* connected = row ? row->if_contains("connected") : nullptr;
  return wanted == Wanted::added || (connected && *connected == true);
}

Result<> wait_connected(Context& context, const std::string& name, Wanted wanted) {
  TRY(context.call("monitor", {context.database, nullptr,
                               json::object{{"Database", json::object{{"columns", {"name", "connected"}}}}}}));
  while (!TRY(is_so(context, name, wanted))) TRY(context.client->next_notification(std::nullopt));
  return {};
}

}  // namespace

Result<> wait(Context& context) {
  const auto wanted = TRY(parse_state(context.arguments[1]));
  context.database = "_Server";
  cli::set_activity("waiting for the database's state");
  while (true) {
    auto client = connect_any(context.remote, context.options.tls);
    if (client) {
      context.client = *std::move(client);
      auto waited = wait_connected(context, context.arguments.front(), wanted);
      if (waited || waited.error().tag != "connection lost") return waited;
    }
    std::this_thread::sleep_for(retry_pause);
  }
}

}  // namespace weft::dbclient
