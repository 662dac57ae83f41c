#include "ovsdb/service.hpp"

#include "base/check.hpp"
#include "ovsdb/server_database.hpp"
#include "ovsdb/session.hpp"

namespace weft::ovsdb {

Service::Service(Clock clock)
    : clock_(std::move(clock)), server_id_(Uuid::random().to_string()), server_database_(make_server_database()) {
  subscribe(*server_database_, true);
}

Service::~Service() {
  for (const auto& [database, subscription] : subscriptions_) database->unsubscribe(subscription);
  databases_.clear();  // May still answer.
}

void Service::add_database(Database& database) {
  subscribe(database, false);
  announce(*server_database_, database.schema());
}

void Service::subscribe(Database& database, bool read_only) {
  const auto [entry, is_new] = databases_.try_emplace(database.schema().name, &database,
                                                      TransactionHistory(database.last_transaction_id()), read_only);
  CHECK(is_new);
  auto* served = &entry->second;
  const auto observer = [this, served](const ChangeSet& changes, const Uuid& transaction_id) {
    served->history.add(changes, transaction_id);
    CommitNews news(changes, transaction_id);
    for (const auto& [id, session] : sessions_) session->tell_changes(*served->database, news);
    committed_ = true;
    if (notify_retry_due_) notify_retry_due_();
  };
  subscriptions_.emplace_back(&database, database.subscribe(observer));
}

ServedDatabase* Service::find(std::string_view name) {
  const auto entry = databases_.find(name);
  return entry == databases_.end() ? nullptr : &entry->second;
}

void Service::retry_blocked() {
  // Each round that commits has answered one transaction, so this ends.
  do {
    committed_ = false;
    for (const auto& [id, session] : sessions_) session->retry_blocked();
  } while (committed_);
}

std::optional<std::chrono::steady_clock::time_point> Service::next_timeout() const {
  std::optional<std::chrono::steady_clock::time_point> earliest;
  for (const auto& [id, session] : sessions_)
    if (const auto timeout = session->next_timeout(); timeout && (!earliest || *timeout < *earliest))
      earliest = timeout;
  return earliest;
}

SessionId Service::attach(Session& session) {
  sessions_.emplace(++last_session_, &session);
  return last_session_;
}

void Service::detach(SessionId session) {
  sessions_.erase(session);
  for (const auto& [lock, new_owner] : locks_.unlock_all(session))
    if (auto* heir = find_session(new_owner)) heir->tell_lock("locked", lock);
}

Session* Service::find_session(SessionId session) {
  const auto entry = sessions_.find(session);
  return entry == sessions_.end() ? nullptr : entry->second;
}

}  // namespace weft::ovsdb
