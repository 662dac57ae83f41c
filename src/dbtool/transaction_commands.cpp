// query and transact: one transaction, given as the params of RFC 7047's "transact" (section 4.1.3).
#include <fmt/format.h>

#include "base/json.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"
#include "ovsdb/database_file.hpp"
#include "ovsdb/database_offline.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/execution.hpp"

namespace weft::dbtool {
namespace {

json::value error_object(std::string_view tag, std::string_view details) {
  return json::object{{"error", tag}, {"details", details}};
}

json::value mistake_in(const json::value& params, std::string_view details) {
  auto error = error_object(ovsdb::syntax_error, details);
  error.get_object()["syntax"] = to_text(params);
  return error;
}

struct Request {
  std::string path;
  json::value params;
};

Result<Request> read_request(const Invocation& line) {
  const auto& text = line.arguments.back();
  auto params = parse_json(text);
  if (!params) return fail(params.error().tag, fmt::format("\"{}\": {}", text, params.error().details));
  if (!params->is_array() && !params->is_object())
    return fail("usage", fmt::format("\"{}\": expected a JSON array: [\"DATABASE\", OPERATION, ...]", text));
  return Request{TRY(standalone_database(line.arguments.size() > 1 ? line.arguments[0] : default_database())),
                 std::move(*params)};
}

// What the transaction answers, its mistakes included.
json::value answer(ovsdb::Database& database, const json::value& params, const std::string& role) {
  const auto* elements = params.if_array();
  if (!elements) return mistake_in(params, "array expected");
  if (elements->empty() || elements->front() != json::value(database.schema().name))
    return mistake_in(params, "database name expected as first parameter");
  ovsdb::ExecutionContext context;
  context.access.role = role;
  auto result = ovsdb::execute(database, std::span(elements->data(), elements->size()).subspan(1), context);
  if (auto* replies = std::get_if<json::array>(&result)) return std::move(*replies);
  // Nobody else changes this database: what is waited for does not come.
  return json::array{error_object("not supported",
                                  "\"wait\" must have \"timeout\": 0 here: nobody else changes a "
                                  "database that is not served")};
}

int run(const Invocation& line, ovsdb::Database& database, const json::value& params) {
  fmt::print(line.out, "{}\n", to_text(answer(database, params, line.options.rbac_role)));
  return exit_success;
}

}  // namespace

Result<int> query(const Invocation& line) {
  const auto request = TRY(read_request(line));
  const auto database = TRY(ovsdb::read_database(request.path));
  return run(line, *database, request.params);
}

Result<int> transact(const Invocation& line) {
  const auto request = TRY(read_request(line));
  const auto file = TRY(ovsdb::open_existing_database(request.path, ovsdb::TornEnd::refuse));
  return run(line, file->database(), request.params);
}

}  // namespace weft::dbtool
