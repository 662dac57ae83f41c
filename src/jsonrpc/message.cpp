#include "jsonrpc/message.hpp"

namespace weft::jsonrpc {
namespace {

constexpr std::string_view known_members[] = {"method", "params", "result", "error", "id"};

std::unexpected<Error> malformed(std::string details) { return fail("protocol error", std::move(details)); }

// The member, or null: OVSDB's peers send null for what does not apply.
json::value take(json::object& object, std::string_view name) {
  auto* member = object.if_contains(name);
  return member ? std::move(*member) : json::value();
}

Result<Message> parse_call(json::object& object, json::value method, json::value id) {
  if (!method.is_string()) return malformed("\"method\" must be a string");
  if (!take(object, "result").is_null()) return malformed("a request must not have a \"result\"");
  if (!take(object, "error").is_null()) return malformed("a request must not have an \"error\"");
  auto params = take(object, "params");
  if (!params.is_array()) return malformed("\"params\" must be an array");
  const auto& name = method.get_string();
  if (id.is_null()) return Notification{std::string(name), std::move(params.get_array())};
  return Request{std::string(name), std::move(params.get_array()), std::move(id)};
}

}  // namespace

Result<Message> parse_message(json::value value) {
  auto* object = value.if_object();
  if (!object) return malformed("a message must be a JSON object");
  for (const auto& member : *object)
    if (std::ranges::find(known_members, std::string_view(member.key())) == std::ranges::end(known_members))
      return malformed(fmt::format("unexpected member \"{}\"", std::string_view(member.key())));
  auto method = take(*object, "method");
  auto id = take(*object, "id");
  if (!method.is_null()) return parse_call(*object, std::move(method), std::move(id));
  if (id.is_null()) return malformed("a message must have a \"method\" or an \"id\"");
  Reply reply{take(*object, "result"), take(*object, "error"), std::move(id)};
  if (!reply.result.is_null() && !reply.error.is_null())
    return malformed("a reply must not have both a \"result\" and an \"error\"");
  return reply;
}

json::object make_request(std::string_view method, json::array params, json::value id) {
  return {{"method", method}, {"params", std::move(params)}, {"id", std::move(id)}};
}

json::object make_notification(std::string_view method, json::array params) {
  return {{"method", method}, {"params", std::move(params)}, {"id", nullptr}};
}

json::object make_reply(json::value result, json::value id) {
  return {{"result", std::move(result)}, {"error", nullptr}, {"id", std::move(id)}};
}

json::object make_error_reply(json::value error, json::value id) {
  return {{"result", nullptr}, {"error", std::move(error)}, {"id", std::move(id)}};
}

}  // namespace weft::jsonrpc
