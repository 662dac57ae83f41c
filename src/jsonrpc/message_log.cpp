#include "jsonrpc/message_log.hpp"

#include "base/log.hpp"

namespace weft::jsonrpc {
namespace {

const LogModule log("jsonrpc");

constexpr std::string_view members[] = {"method", "params", "result", "error", "id"};

std::string_view kind_of(const json::object& message) {
  const auto has = [&](std::string_view name) {
    const auto* member = message.if_contains(name);
    return member && !member->is_null();
  };
  if (has("method")) return has("id") ? "request" : "notification";
  return "reply";
}

}  // namespace

bool are_messages_logged() { return log.would_log(LogLevel::debug); }

std::string describe_message(std::string_view direction, const json::value& message) {
  const auto* object = message.if_object();
  if (!object) return fmt::format("{} {}", direction, excerpt(message, max_logged_bytes));
  auto text = fmt::format("{} {}", direction, kind_of(*object));
  for (const auto name : members)
    if (const auto* member = object->if_contains(name); member && !member->is_null())
      text += fmt::format(", {}={}", name, to_text(*member));
  if (text.size() > max_logged_bytes) text.replace(max_logged_bytes, std::string::npos, "...");
  return text;
}

void log_received(std::string_view peer, const json::value& message) {
  log.debug("{}: {}", peer, describe_message("received", message));
}

void log_sent(std::string_view peer, std::string_view message) {
  if (const auto parsed = parse_json(message)) log.debug("{}: {}", peer, describe_message("send", *parsed));
}

}  // namespace weft::jsonrpc
