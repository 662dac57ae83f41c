// JSON-RPC 1.0 messages as OVSDB uses them (RFC 7047 section 4): requests, notifications and replies.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/json.hpp"

namespace weft::jsonrpc {

struct Request {
  std::string method;
  json::array params;
  json::value id;
};
struct Notification {
  std::string method;
  json::array params;
};
struct Reply {
  json::value result;  // Null when there is an error.
  json::value error;   // Null when there is none.
  json::value id;
};
using Message = std::variant<Request, Notification, Reply>;

// "protocol error", naming the member that is wrong, missing or too many.
Result<Message> parse_message(json::value value);

json::object make_request(std::string_view method, json::array params, json::value id);
json::object make_notification(std::string_view method, json::array params);
json::object make_reply(json::value result, json::value id);
json::object make_error_reply(json::value error, json::value id);

}  // namespace weft::jsonrpc
