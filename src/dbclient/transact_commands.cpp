// transact, and query: the same without an effect.
#include <fmt/format.h>

#include "dbclient/handlers.hpp"

namespace weft::dbclient {
namespace {

Result<json::array> parse_transaction(const std::string& text) {
  auto value = parse_json(text);
  if (!value) return fail("syntax error", fmt::format("\"{}\": {}", text, value.error().details));
  auto* params = value->if_array();
  if (!params || params->empty() || !params->front().is_string())
    return fail("syntax error", "not a valid OVSDB query");
  return std::move(*params);
}

Result<json::value> send(Context& context, json::array transaction) {
  auto reply = TRY(context.client->exchange("transact", std::move(transaction), std::nullopt));
  if (!reply.error.is_null()) {
    return fail("error reply",
                "transaction returned error: " + cli::json_output(reply.error, context.options.style.pretty));
  }
  return std::move(reply.result);
}

bool is_aborted(const json::value& result) {
  const auto* object = result.if_object();
  const auto* error = object ? object->if_contains("error") : nullptr;
  return error && *error == "aborted";
}

}  // namespace

Result<> transact(Context& context) {
  auto transaction = TRY(parse_transaction(context.arguments.front()));
  context.print_json(TRY(send(context, std::move(transaction))));
  return {};
}

Result<> query(Context& context) {
  auto transaction = TRY(parse_transaction(context.arguments.front()));
  transaction.push_back(json::object{{"op", "abort"}});
  auto result = TRY(send(context, std::move(transaction)));
  if (auto* results = result.if_array(); results && !results->empty() && is_aborted(results->back()))
    results->pop_back();
  context.print_json(result);
  return {};
}

}  // namespace weft::dbclient
