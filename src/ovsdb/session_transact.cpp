// Transactions of a session, and those that wait (RFC 7047 sections 4.1.3 and 4.1.4).
#include "base/coverage.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/execution.hpp"
#include "ovsdb/session.hpp"

namespace weft::ovsdb {
namespace {

EventCounter blocked("ovsdb_transact_blocked");

// About what the value takes in memory.
std::size_t size_of(const json::value& value) {
  std::size_t bytes = sizeof value;
  if (const auto* text = value.if_string()) bytes += text->size();
  if (const auto* array = value.if_array())
    for (const auto& each : *array) bytes += size_of(each);
  if (const auto* object = value.if_object())
    for (const auto& [name, each] : *object) bytes += name.size() + size_of(each);
  return bytes;
}

bool has_error(const json::array& results) {
  return std::ranges::any_of(
      results, [](const json::value& result) { return result.is_object() && result.get_object().contains("error"); });
}

}  // namespace

Session::Answer Session::transact(Request& request) {
  const auto served = database_of(request);
  if (!served) return std::unexpected(served.error());
  if (std::ranges::find(blocked_, request.id, &Blocked::id) != blocked_.end())
    return std::unexpected(to_json(Error{syntax_error, "transact: duplicate request ID"}, request.id));
  // Its copy is in the message's own memory, which is counted for this client as long as the transaction waits.
  Blocked transaction{json::value(request.id, request.id.storage()), *served, std::move(request.params), service_.now(),
                      std::nullopt};
  if (try_transaction(transaction)) return std::nullopt;
  if (blocked_.size() == max_blocked_transactions)
    return std::unexpected(to_json(
        Error{resources_exhausted, fmt::format("{} transactions of this client wait already", blocked_.size())}));
  blocked.count();
  blocked_.push_back(std::move(transaction));
  return std::nullopt;
}

bool Session::try_transaction(Blocked& transaction) {
  ExecutionContext context;
  context.owns_lock = [this](std::string_view lock) { return service_.locks().owns(lock, id_); };
  context.access = access_;
  context.access.read_only = transaction.served->read_only || is_read_only();
  context.sync_later = true;
  context.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(service_.now() - transaction.started);
  const auto operations = std::span<const json::value>(transaction.params).subspan(1);
  const bool is_forwarded = transaction.served->source && changes_rows(operations);
  context.commits = !is_forwarded;
  auto outcome = execute(*transaction.served->database, operations, context);
  if (const auto* waiting = std::get_if<ovsdb::Blocked>(&outcome)) {
    const auto timeout = waiting->timeout;
    transaction.timeout = timeout ? std::optional(transaction.started + *timeout) : std::nullopt;
    return false;
  }
  if (is_forwarded && !has_error(std::get<json::array>(outcome))) return forward(transaction);
  if (auto* unsynced = std::get_if<Unsynced>(&outcome)) {
    answer_when_on_disk(*transaction.served, std::move(unsynced->results), std::move(transaction.id));
  } else {
    answer(std::move(std::get<json::array>(outcome)), std::move(transaction.id));
  }
  return true;
}

bool Session::forward(Blocked& transaction) {
  if (forwarded_ == max_forwarded_transactions) return false;
  auto done = [&service = service_, session = id_, id = transaction.id](const jsonrpc::Reply& reply) {
    auto* self = service.find_session(session);
    if (!self) return;
    --self->forwarded_;
    if (!self->blocked_.empty()) service.retry_soon();
    self->answer(reply.error.is_null() ? Answer(reply.result) : Answer(std::unexpected(reply.error)), id);
  };
  if (!transaction.served->source->forward(transaction.params, std::move(done))) return false;
  ++forwarded_;
  return true;
}

void Session::answer_when_on_disk(ServedDatabase& served, json::array results, json::value id) {
  const auto bytes = size_of(results) + size_of(id);
  auto reply = [&service = service_, session = id_, results = std::move(results),
                id = std::move(id)](const Result<>& synced) mutable {
    if (!synced) results.push_back(to_json(synced.error()));
    if (auto* self = service.find_session(session)) self->answer(std::move(results), std::move(id));
  };
  served.group_commit.await(std::move(reply), bytes, service_.sync_runner());
}

void Session::retry_blocked() {
  for (auto transaction = blocked_.begin(); transaction != blocked_.end();) {
    transaction = try_transaction(*transaction) ? blocked_.erase(transaction) : std::next(transaction);
  }
}

std::optional<Session::TimePoint> Session::next_timeout() const {
  std::optional<TimePoint> earliest;
  for (const auto& transaction : blocked_)
    if (transaction.timeout && (!earliest || *transaction.timeout < *earliest)) earliest = transaction.timeout;
  return earliest;
}

void Session::cancel(const json::array& params) {
  if (params.size() != 1) return;
  const auto transaction = std::ranges::find(blocked_, params[0], &Blocked::id);
  if (transaction == blocked_.end()) return;  // It was answered meanwhile.
  auto id = std::move(transaction->id);
  blocked_.erase(transaction);
  answer(std::unexpected(json::value("canceled")), std::move(id));
}

}  // namespace weft::ovsdb
