#include "vsctl/session.hpp"

#include <fmt/format.h>

#include <thread>

#include "vsctl/schema_check.hpp"

namespace weft::vsctl {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_retry_pause{50};
constexpr milliseconds last_retry_pause{1000};
constexpr char monitor_id[] = "ovs-vsctl";

// "unix:FILE: No such file" -> "unix:FILE: database connection failed (No such file)"
Error in_words(const std::string& remote, Error error) {
  const auto prefix = remote + ": ";
  const auto reason = error.details.starts_with(prefix) ? error.details.substr(prefix.size()) : error.details;
  return {std::move(error.tag), fmt::format("{}: database connection failed ({})", remote, reason)};
}

}  // namespace

Result<Session> Session::open(const Remote& remote, stream::Deadline deadline) {
  for (auto pause = first_retry_pause;; pause = std::min(2 * pause, last_retry_pause)) {
    auto client = jsonrpc::Client::connect(remote.address, deadline, remote.tls);
    if (client) {
      Session session(*std::move(client), remote);
      const auto read = session.read_schema();
      if (read) return session;
      if (!remote.retry || read.error().tag != "connection lost") return std::unexpected(read.error());
    } else if (!remote.retry || client.error().tag == "invalid address") {
      return std::unexpected(in_words(remote.address, client.error()));
    }
    if (deadline && std::chrono::steady_clock::now() + pause >= *deadline)
      return fail("timed out", fmt::format("{}: no connection to the database", remote.address));
    std::this_thread::sleep_for(pause);
  }
}

Result<json::value> Session::call(std::string_view method, json::array params) {
  stream::Deadline deadline;
  if (remote_.answer_patience) deadline = std::chrono::steady_clock::now() + *remote_.answer_patience;
  auto result = client_.call(method, std::move(params), deadline);
  if (result || result.error().tag != "timed out" || !remote_.answer_patience) return result;
  return fail(
      "no answer",
      fmt::format("{}: the database has not answered \"{}\" within {} seconds; is its server overloaded or "
                  "stopped? --timeout=SECS waits longer",
                  remote_.address, method, std::chrono::ceil<std::chrono::seconds>(*remote_.answer_patience).count()));
}

Result<> Session::read_schema() {
  const auto value = TRY(call("get_schema", {database_name}));
  auto schema = TRY(ovsdb::DatabaseSchema::from_json(value));
  TRY(check_schema(schema));
  schema_ = std::make_shared<const ovsdb::DatabaseSchema>(std::move(schema));
  return {};
}

Result<json::array> Session::transact(json::array operations) {
  operations.insert(operations.begin(), database_name);
  auto results = TRY(call("transact", std::move(operations)));
  if (!results.is_array()) return fail("protocol error", "the server's answer to \"transact\" is " + excerpt(results));
  return std::move(results.get_array());
}

Result<json::array> Session::read(json::array operations) {
  auto results = TRY(transact(std::move(operations)));
  if (auto error = first_error(results)) return std::unexpected(*std::move(error));
  return results;
}

const json::object* first_failure(const json::array& results) {
  for (const auto& result : results) {
    const auto* object = result.if_object();
    const auto* tag = object ? object->if_contains("error") : nullptr;
    if (tag && tag->is_string()) return object;
  }
  return nullptr;
}

std::optional<Error> first_error(const json::array& results) {
  const auto* failure = first_failure(results);
  if (!failure) return std::nullopt;
  const auto* details = failure->if_contains("details");
  return Error{std::string(failure->at("error").get_string()),
               details && details->is_string() ? std::string(details->get_string()) : ""};
}

Result<json::value> Session::monitor(json::object requests) {
  if (!monitored_.empty()) TRY(call("monitor_cancel", {monitor_id}));
  monitored_ = to_text(requests);
  return call("monitor", {database_name, monitor_id, std::move(requests)});
}

Result<> Session::await_change(const Snapshot& snapshot) {
  json::object requests;
  for (const auto& [table, columns] : snapshot.columns_read()) {
    json::array names;
    for (const auto column : columns) names.push_back(json::value(schema_->tables[table].columns[column].name));
    requests[schema_->tables[table].name] =
        json::object{{"columns", std::move(names)}, {"select", json::object{{"initial", false}}}};
  }
  // What changed between the reading and the monitor's beginning is not told: look once more.
  if (to_text(requests) != monitored_) {
    TRY(monitor(std::move(requests)));
    return {};
  }
  TRY(next_change({}));
  return {};
}

Result<json::value> Session::watch(std::string_view table, std::string_view column) {
  json::object requests;
  requests[table] = json::object{{"columns", json::array{column}}};
  return monitor(std::move(requests));
}

Result<json::value> Session::next_change(stream::Deadline deadline) {
  while (true) {
    const auto notification = TRY(client_.next_notification(deadline));
    const auto* method = notification.if_contains("method");
    const auto* params = notification.if_contains("params");
    const bool is_update = method && *method == "update" && params && params->is_array() &&
                           params->get_array().size() == 2 && params->get_array()[0] == monitor_id;
    if (is_update) return params->get_array()[1];
  }
}

}  // namespace weft::vsctl
