// What the sessions of one server share: databases, locks, the server's identity. Knows no socket.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "jsonrpc/message.hpp"
#include "ovsdb/database.hpp"
#include "ovsdb/group_commit.hpp"
#include "ovsdb/lock_table.hpp"
#include "ovsdb/monitor_view.hpp"

namespace weft::ovsdb {

class Session;

// How much one client may have of what lasts. Far above what any real client needs.
inline constexpr std::size_t max_blocked_transactions = 32;
inline constexpr std::size_t max_forwarded_transactions = 1024;  // Of a relay; further ones wait.
inline constexpr std::size_t max_monitors = 256;
inline constexpr std::size_t max_locks = 256;
inline constexpr std::size_t max_lock_name_bytes = 1024;
// Rows of a database that have changed since a client fell behind: with more it is told all the same, and what it does
// not read counts as any other message.
inline constexpr std::size_t max_untold_rows = 1'000'000;

// Where the transactions are carried out that change a relay's database: at the server that it follows.
class TransactionSource {
 public:
  virtual ~TransactionSource() = default;
  // `params`: of "transact". Calls `done`, once, from the loop, when the changes have come here, too. False: it cannot
  // be reached now; Service::retry_soon() tells when it can.
  virtual bool forward(const json::array& params, std::function<void(jsonrpc::Reply reply)> done) = 0;
};

struct ServedDatabase {
  Database* database;
  bool read_only = false;  // To clients.
  // Of a relay, whose schema is unknown until the source has told it; null: no relay.
  TransactionSource* source = nullptr;
  bool is_available = true;  // The schema is known.
  bool is_connected = true;
  GroupCommit group_commit{*database};
  MonitorViews views{*database};
  Database::Subscription subscription = 0;
};

class Service {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit Service(Clock clock = &std::chrono::steady_clock::now);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The database must outlive the service, or its being served. Names are unique. Adding, removing and converting ends
  // the connections of clients that did not say that they are aware of such changes ("set_db_change_aware",
  // ovsdb-server(7)): so they begin anew.
  void add_database(Database& database);
  // The same with a copy of what `source` has, which must outlive its being served: its database is empty, with a
  // schema that has nothing but the name, until adopt_schema().
  void add_relay(Database& database, TransactionSource& source);
  // Of a relay: empties it, for another schema. Monitors and waiting transactions as with remove_database().
  void adopt_schema(const std::string& name, const DatabaseSchema& schema);
  // Of a relay: what clients are told of the way to its source.
  void set_connected(const std::string& name, bool connected);
  // Monitors of it are canceled, transactions that wait in it too. `name`: of a database that was added.
  void remove_database(const std::string& name);
  // As Database::convert(). Monitors and waiting transactions as above.
  Result<> convert(ServedDatabase& served, const DatabaseSchema& schema);
  // Called when a database was added, removed or converted: whoever looks into databases by name looks anew.
  void on_databases_changed(std::function<void()> notify) { notify_databases_changed_ = std::move(notify); }
  // Null: there is none of that name.
  ServedDatabase* find(std::string_view name);
  const std::map<std::string, ServedDatabase, std::less<>>& databases() const { return databases_; }
  LockTable& locks() { return locks_; }
  const std::string& server_id() const { return server_id_; }  // A UUID, fresh with each start.
  std::chrono::steady_clock::time_point now() const { return clock_(); }

  // Who runs the syncs of durable transactions; until this is called they run where they arise.
  void run_syncs_by(GroupCommit::Runner runner) { sync_runner_ = std::move(runner); }
  const GroupCommit::Runner& sync_runner() const { return sync_runner_; }

  // Called when blocked transactions should be tried soon: something was committed. May be called within a commit, so
  // it must not call retry_blocked() itself.
  void on_retry_due(std::function<void()> notify) { notify_retry_due_ = std::move(notify); }
  // Something has changed for blocked transactions that is no commit.
  void retry_soon() const {
    if (notify_retry_due_) notify_retry_due_();
  }
  // Tries every blocked transaction again, until none of them changes anything more.
  void retry_blocked();
  // When the next blocked transaction times out.
  std::optional<std::chrono::steady_clock::time_point> next_timeout() const;

  void disconnect_all(std::string_view why);
  // From now on clients are told that there are no conditional monitors, as if the server were an old one; those that
  // are connected begin anew.
  void disable_conditional_monitors();
  bool has_conditional_monitors() const { return has_conditional_monitors_; }
  // From now on clients can change nothing, or can again; those that are connected begin anew.
  void set_read_only(bool read_only);
  bool is_read_only() const { return is_read_only_; }
  std::size_t session_count() const { return sessions_.size(); }
  std::size_t monitor_count() const;  // Of all sessions.

  // For sessions only.
  SessionId attach(Session& session);
  void detach(SessionId session);
  Session* find_session(SessionId session);

 private:
  ServedDatabase& serve(Database& database, bool read_only);
  void tell_of(const ServedDatabase& served);
  void disconnect_unaware(std::string_view why);

  Clock clock_;
  std::string server_id_;
  std::unique_ptr<Database> server_database_;
  std::map<std::string, ServedDatabase, std::less<>> databases_;
  LockTable locks_;
  std::map<SessionId, Session*> sessions_;
  SessionId last_session_ = 0;
  GroupCommit::Runner sync_runner_ = [](const GroupCommit::Sync& sync, const GroupCommit::Answer& done) {
    done(sync());
  };
  std::function<void()> notify_retry_due_;
  std::function<void()> notify_databases_changed_;
  bool has_conditional_monitors_ = true;
  bool is_read_only_ = false;
  bool committed_ = false;  // Since the last try of blocked transactions.
};

}  // namespace weft::ovsdb
