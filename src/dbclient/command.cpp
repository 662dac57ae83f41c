#include "dbclient/command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace weft::dbclient {
namespace {

std::string_view text_member(const json::object& object, std::string_view name) {
  const auto* member = object.if_contains(name);
  const auto* text = member ? member->if_string() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

}  // namespace

std::string error_text(const json::value& error) {
  const auto* object = error.if_object();
  if (!object) return error.is_string() ? std::string(error.get_string()) : to_text(error);
  const auto tag = text_member(*object, "error");
  if (tag.empty()) return to_text(error);
  std::string text;
  if (const auto syntax = text_member(*object, "syntax"); !syntax.empty())
    text = fmt::format("syntax \"{}\": ", syntax);
  text += tag;
  if (const auto details = text_member(*object, "details"); !details.empty()) text += fmt::format(": {}", details);
  return text;
}

Result<json::value> Context::call(std::string_view method, json::array params) {
  auto reply = TRY(client->exchange(method, std::move(params), std::nullopt));
  if (!reply.error.is_null()) return fail("error reply", error_text(reply.error));
  return std::move(reply.result);
}

Result<ovsdb::DatabaseSchema> Context::read_schema(std::string_view name) {
  const auto value = TRY(call("get_schema", {name}));
  return ovsdb::DatabaseSchema::from_json(value);
}

Result<json::array> Context::transact(json::array operations) {
  operations.insert(operations.begin(), json::value(database));
  auto results = TRY(call("transact", std::move(operations)));
  if (!results.is_array()) return fail("protocol error", "the server's answer to \"transact\" is " + excerpt(results));
  for (const auto& result : results.get_array()) {
    const auto* object = result.if_object();
    if (object && object->contains("error")) return fail("error reply", error_text(result));
  }
  return std::move(results.get_array());
}

void Context::go_to_background() {
  if (!startup) return;
  const int copy = ::fcntl(::fileno(out_), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (std::FILE* kept = copy < 0 ? nullptr : ::fdopen(copy, "w")) out_ = kept;
  startup->complete();
}

void Context::print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void Context::print_json(const json::value& value) { print(cli::json_output(value, options.style.pretty) + "\n"); }

void Context::print_table(const cli::Table& table) { print(tables_.print(table)); }

Result<ovsdb::DatabaseSchema> read_schema_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) {
    return fail("I/O error", fmt::format("failed to read schema: cannot read \"{}\" ({})", path, std::strerror(errno)));
  }
  const auto in_words = [&](Error error) {
    return std::unexpected(
        Error{std::move(error.tag), fmt::format("failed to read schema: {}: {}", path, error.details)});
  };
  const auto value = parse_json(text.str());
  if (!value) return in_words(value.error());
  auto schema = ovsdb::DatabaseSchema::from_json(*value);
  if (!schema) return in_words(schema.error());
  return *std::move(schema);
}

}  // namespace weft::dbclient
