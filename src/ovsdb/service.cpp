#include "ovsdb/service.hpp"

#include "base/check.hpp"
#include "ovsdb/server_database.hpp"
#include "ovsdb/session.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {
namespace {

Result<> clear(Database& database) {
  Transaction transaction(database);
  for (std::size_t table = 0; table < database.schema().tables.size(); ++table)
    for (const auto& [uuid, row] : database.rows(table)) transaction.erase(table, uuid);
  return transaction.commit();
}

}  // namespace

Service::Service(Clock clock)
    : clock_(std::move(clock)), server_id_(Uuid::random().to_string()), server_database_(make_server_database()) {
  serve(*server_database_, true);
}

Service::~Service() {
  for (const auto& [name, served] : databases_) served.database->unsubscribe(served.subscription);
  databases_.clear();  // May still answer.
}

ServedDatabase& Service::serve(Database& database, bool read_only) {
  const auto [entry, is_new] = databases_.try_emplace(database.schema().name, &database, read_only);
  CHECK(is_new);
  const auto last_id = database.last_transaction_id();
  if (!database.history()) database.keep_history(TransactionHistory(last_id), last_id);
  auto* served = &entry->second;
  served->subscription = database.subscribe([this, served](const ChangeSet& changes, const Uuid& transaction_id) {
    CommitNews news(changes, transaction_id);
    for (const auto& [id, session] : sessions_) session->tell_changes(*served->database, news);
    committed_ = true;
    retry_soon();
  });
  return *served;
}

void Service::tell_of(const ServedDatabase& served) {
  const auto& schema = served.database->schema();
  const bool is_relay = served.source;
  announce(*server_database_, {.name = schema.name,
                               .model = is_relay ? "relay" : "standalone",
                               .is_connected = served.is_connected,
                               .is_leader = !is_relay,
                               .schema = served.is_available ? &schema : nullptr});
}

void Service::add_database(Database& database) {
  disconnect_unaware(fmt::format("adding {} database", database.schema().name));
  tell_of(serve(database, false));
  if (notify_databases_changed_) notify_databases_changed_();
}

void Service::add_relay(Database& database, TransactionSource& source) {
  disconnect_unaware(fmt::format("adding {} database", database.schema().name));
  auto& served = serve(database, false);
  served.source = &source;
  served.is_available = served.is_connected = false;
  tell_of(served);
}

void Service::adopt_schema(const std::string& name, const DatabaseSchema& schema) {
  auto& served = databases_.find(name)->second;
  CHECK(served.source && schema.name == name);
  if (served.is_available) disconnect_unaware(fmt::format("the source of relay {} has another schema", name));
  for (const auto& [id, session] : sessions_) session->forget(served);
  CHECK(clear(*served.database));
  CHECK(served.database->convert(schema));
  served.is_available = true;
  tell_of(served);
  if (notify_databases_changed_) notify_databases_changed_();
}

void Service::set_connected(const std::string& name, bool connected) {
  auto& served = databases_.find(name)->second;
  if (served.is_connected == connected) return;
  served.is_connected = connected;
  tell_of(served);
}

void Service::remove_database(const std::string& name) {
  const auto entry = databases_.find(name);
  CHECK(entry != databases_.end() && entry->second.database != server_database_.get());
  disconnect_unaware(fmt::format("removing {} database by user request", name));
  for (const auto& [id, session] : sessions_) session->forget(entry->second);
  entry->second.database->unsubscribe(entry->second.subscription);
  databases_.erase(entry);
  retract(*server_database_, name);
  if (notify_databases_changed_) notify_databases_changed_();
}

Result<> Service::convert(ServedDatabase& served, const DatabaseSchema& schema) {
  // What is still to be told is in terms of the old schema.
  for (const auto& [id, session] : sessions_) session->catch_up();
  TRY(served.database->convert(schema));
  disconnect_unaware(fmt::format("committed {} database schema conversion", schema.name));
  for (const auto& [id, session] : sessions_) session->forget(served);
  tell_of(served);
  if (notify_databases_changed_) notify_databases_changed_();
  return {};
}

void Service::disconnect_unaware(std::string_view why) {
  for (const auto& [id, session] : sessions_)
    if (!session->is_db_change_aware()) session->disconnect(why);
}

void Service::disconnect_all(std::string_view why) {
  for (const auto& [id, session] : sessions_) session->disconnect(why);
}

void Service::disable_conditional_monitors() {
  has_conditional_monitors_ = false;
  disconnect_all("user ran ovsdb-server/disable-monitor");
}

void Service::set_read_only(bool read_only) {
  is_read_only_ = read_only;
  disconnect_all(read_only ? "making server read-only" : "making server read/write");
}

std::size_t Service::monitor_count() const {
  std::size_t count = 0;
  for (const auto& [id, session] : sessions_) count += session->monitor_count();
  return count;
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
