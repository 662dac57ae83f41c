// One client's conversation with the server (RFC 7047 section 4), message in, messages out: no socket, no timer.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <set>
#include <string>

#include "jsonrpc/message.hpp"
#include "ovsdb/access.hpp"
#include "ovsdb/error_json.hpp"
#include "ovsdb/monitor.hpp"
#include "ovsdb/service.hpp"

namespace weft::ovsdb {

using jsonrpc::Notification;
using jsonrpc::Request;

class Session {
 public:
  // Takes the text of one message for the client. It is called within receive(), within commits of others and within
  // the end of other sessions; it must not end this or another session itself.
  using Output = std::function<void(std::string message)>;
  // Ends the connection soon: called as Output is, `why` for the log. Until then nothing is sent any more.
  using Disconnect = std::function<void(std::string_view why)>;
  // The client is behind: it has not yet taken what was said to it. Then changes are collected, and told at
  // catch_up() or with the next message as if they had been one: a client that stands still costs no more than the rows
  // that change meanwhile.
  using IsBehind = std::function<bool()>;

  Session(
      Service& service, Output output, Disconnect disconnect, IsBehind is_behind = [] { return false; },
      Access access = {});
  ~Session();  // Gives back its locks.
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // An error means that the message was malformed: close the connection. What a client may do wrong with a well-formed
  // message is answered.
  Result<> receive(json::value message);
  // The client has taken all that was said to it.
  void catch_up();

  // Names, separated by blanks.
  struct Locks {
    std::string held, waiting;
    std::string lost;  // Stolen from it; it waits to have them back.
  };
  Locks locks() const;

  // For the service only.
  void tell_changes(const Database& database, CommitNews& news);
  void tell_lock(std::string_view method, std::string_view lock);  // "locked", "stolen"
  void retry_blocked();
  std::size_t monitor_count() const { return monitors_.size(); }
  bool is_db_change_aware() const { return is_db_change_aware_; }
  void disconnect(std::string_view why) const { disconnect_(why); }
  // Cancels monitors of the database and transactions that wait in it, and tells the client.
  void forget(const ServedDatabase& served);
  std::optional<std::chrono::steady_clock::time_point> next_timeout() const;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  // The result, or the error as it is sent; none: the answer comes later.
  using Answer = std::optional<std::expected<json::value, json::value>>;
  using Handler = Answer (Session::*)(Request& request);
  struct Method {
    std::string_view name;
    Handler handler;
  };
  static const Method methods[];

  struct Blocked {
    json::value id;
    ServedDatabase* served;
    json::array params;  // Of "transact": the database's name, then the operations.
    TimePoint started;
    std::optional<TimePoint> timeout;
  };

  void say(std::string message);
  const Method* find_method(std::string_view name) const;
  void answer(Answer answer, json::value id);
  void tell(const Database& database, CommitNews& news);
  void handle(Notification& notification);
  // No row is for this client to change, whatever the database.
  bool is_read_only() const { return access_.read_only || service_.is_read_only(); }
  // The database that the first of params names, or the error to answer.
  std::expected<ServedDatabase*, json::value> database_of(const Request& request);

  // session.cpp
  Answer echo(Request& request);
  Answer list_dbs(Request& request);
  Answer get_schema(Request& request);
  Answer get_server_id(Request& request);
  Answer set_db_change_aware(Request& request);
  Answer convert(Request& request);
  // session_transact.cpp
  Answer transact(Request& request);
  // False: it waits for another change. Else it is answered, or will be when the disk has it.
  bool try_transaction(Blocked& transaction);
  void answer_when_on_disk(ServedDatabase& served, json::array results, json::value id);
  // At the source of a relay. False: it cannot be reached now.
  bool forward(Blocked& transaction);
  void cancel(const json::array& params);
  // session_monitor.cpp
  Answer monitor(Request& request);
  Answer monitor_cond(Request& request);
  Answer monitor_cond_since(Request& request);
  Answer monitor_cond_change(Request& request);
  Answer monitor_cancel(Request& request);
  Answer start_monitor(MonitorKind kind, const Request& request);
  std::expected<Monitor*, json::value> add_monitor(MonitorKind kind, ServedDatabase& served, const json::array& params);
  std::list<Monitor>::iterator find_monitor(const json::value& id);
  // session_lock.cpp
  Answer lock(Request& request);
  Answer steal(Request& request);
  Answer unlock(Request& request);
  std::expected<std::string_view, json::value> new_lock_of(const Request& request);

  Service& service_;
  Output output_;
  Disconnect disconnect_;
  IsBehind is_behind_;
  const Access access_;
  SessionId id_;
  bool is_db_change_aware_ = false;
  std::set<std::string> lost_locks_;
  std::list<Monitor> monitors_;  // In the order in which they were made: so are they told.
  std::list<Blocked> blocked_;   // Oldest first.
  std::size_t forwarded_ = 0;    // Transactions that a relay's source has not answered yet.
  // What a client that is behind has not been told yet, by database, and the last of its transactions.
  struct Untold {
    ChangeSet changes;
    Uuid transaction_id;
  };
  std::map<const Database*, Untold> untold_;
};

}  // namespace weft::ovsdb
