// lock, steal, unlock (RFC 7047 section 4.1.8 to 4.1.10): the answer, then what becomes of the lock.
#include "cli/alarm.hpp"
#include "dbclient/handlers.hpp"

namespace weft::dbclient {
namespace {

Result<> ask_and_follow(Context& context, std::string_view method) {
  context.print_json(TRY(context.call(method, {context.arguments.front()})));
  cli::set_activity("waiting for news of the lock");
  while (true) {
    const auto notification = TRY(context.client->next_notification(std::nullopt));
    context.print(std::string(notification.at("method").get_string()) + "\n");
    context.print_json(notification.at("params"));
  }
}

}  // namespace

Result<> lock(Context& context) { return ask_and_follow(context, "lock"); }
Result<> steal(Context& context) { return ask_and_follow(context, "steal"); }
Result<> unlock(Context& context) { return ask_and_follow(context, "unlock"); }

}  // namespace weft::dbclient
