// A relay (ovsdb(7) "Relay Service Model"): a database in memory that holds what another server's has, answers reading
// and monitors from it, and has changes carried out there.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ovsdb/server.hpp"
#include "ovsdb/upstream.hpp"

namespace weft::dbserver {

inline constexpr std::string_view relay_prefix = "relay:";

// "relay:DATABASE:REMOTE[,REMOTE...]", as in place of a file's name.
struct RelayPlace {
  std::string database;
  std::vector<std::string> sources;  // Connection methods.

  // "ovsdb error", in Open vSwitch's words: the syntax.
  static Result<RelayPlace> parse(const std::string& text);
};

class Relay : private ovsdb::TransactionSource {
 public:
  // A source that is lost for longer is told to clients as lost: until then it may be only a restart.
  static constexpr std::chrono::seconds reconnection_time{30};

  // Serves the database, whose name is not served yet, and begins to connect. The server must outlive it. "invalid
  // address".
  static Result<std::unique_ptr<Relay>> start(boost::asio::io_context& loop, ovsdb::Server& server,
                                              const RelayPlace& place);
  ~Relay() override;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

 private:
  class FollowedIds;
  Relay(boost::asio::io_context& loop, ovsdb::Server& server, std::string name);

  bool forward(const json::array& params, std::function<void(jsonrpc::Reply reply)> done) override;
  void ask_for_schema();
  void take_schema(const jsonrpc::Reply& reply);
  void monitor();
  Result<> take_content(const jsonrpc::Reply& reply);
  Result<> take(const jsonrpc::Notification& notification);
  void begin_anew_after(const Error& error);
  void note_loss();
  void cancel_forwarded();

  ovsdb::Server& server_;
  const std::string name_;
  FollowedIds* ids_;  // The database's.
  ovsdb::Database database_;
  boost::asio::steady_timer loss_timer_;
  std::unique_ptr<ovsdb::Upstream> upstream_;
  std::string schema_;       // The source's, as text; empty: it was never told.
  bool is_current_ = false;  // The database has what the source has told.
  // What the loop still has to call looks whether the relay is there.
  const std::shared_ptr<bool> is_alive_ = std::make_shared<bool>(true);
  std::int64_t last_key_ = 0;
  std::map<std::int64_t, std::function<void(jsonrpc::Reply)>> forwarded_;  // Not answered yet, in order.
};

}  // namespace weft::dbserver
