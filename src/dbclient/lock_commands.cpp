// lock, steal, unlock (RFC 7047 section 4.1.8 to 4.1.10): the answer, then what becomes of the lock. In the background
// they are commands of ovs-appctl, too, for more locks of the same connection.
#include "cli/alarm.hpp"
#include "dbclient/follower.hpp"
#include "dbclient/handlers.hpp"

namespace weft::dbclient {
namespace {

constexpr std::string_view methods[] = {"lock", "steal", "unlock"};

Result<> ask(Context& context, std::string_view method, const std::string& name) {
  context.print_json(TRY(context.call(method, {name})));
  return {};
}

Result<> ask_and_follow(Context& context, std::string_view method) {
  Follower follower(context);
  for (const auto each : methods) {
    follower.add({each, "LOCK", 1, 1, [&context, each](unixctl::Arguments arguments) -> Result<std::string> {
                    TRY(ask(context, each, arguments.front()));
                    return "";
                  }});
  }
  TRY(ask(context, method, context.arguments.front()));
  cli::set_activity("waiting for news of the lock");
  return follower.run([&context](const json::object& notification) -> Result<> {
    context.print(std::string(notification.at("method").get_string()) + "\n");
    context.print_json(notification.at("params"));
    return {};
  });
}

}  // namespace

Result<> lock(Context& context) { return ask_and_follow(context, "lock"); }
Result<> steal(Context& context) { return ask_and_follow(context, "steal"); }
Result<> unlock(Context& context) { return ask_and_follow(context, "unlock"); }

}  // namespace weft::dbclient
