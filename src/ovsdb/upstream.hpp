// Another database server whose client we are, in somebody's loop: connected again and again, asked, and heard.
// Includes Boost.Asio: for few files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "jsonrpc/connection.hpp"
#include "jsonrpc/message.hpp"
#include "ovsdb/reconnector.hpp"
#include "ovsdb/remote_options.hpp"

namespace weft::ovsdb {

// One message of the other server: it may be all that its database holds.
inline constexpr std::size_t max_upstream_message_bytes = 1 << 30;

// "protocol error": the other server's answer to `method`, or what it says of its own accord, is none that can be.
Error unexpected_answer(std::string_view method, const json::value& answer);
Error unexpected_answer(std::string_view method, const jsonrpc::Reply& reply);

class Upstream {
 public:
  using Answer = std::function<void(jsonrpc::Reply reply)>;
  struct Events {
    std::function<void()> on_connected;
    std::function<void()> on_disconnected = [] {};  // It had been connected.
    std::function<void(const jsonrpc::Notification& notification)> on_notification;
  };
  // The methods of those texts, which must all be active. "invalid address".
  static Result<std::vector<stream::Method>> check(const std::vector<std::string>& targets);
  // `targets`: active connection methods, one at least, which are tried in turn. `probe_interval`: 0: never. "invalid
  // address".
  static Result<std::unique_ptr<Upstream>> make(boost::asio::io_context& loop, stream::Tls& tls,
                                                const std::vector<std::string>& targets,
                                                std::chrono::milliseconds probe_interval, Events events);
  ~Upstream();  // Not from within an event or an answer: see retire().
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  // Begins to connect.
  void start() { reconnector_->start(); }
  // From now on there are no events and no answers; it ends soon, from the loop.
  static void retire(std::unique_ptr<Upstream> upstream);
  // Only while it is connected. A reply that does not come before the connection ends never comes.
  void ask(std::string_view method, json::array params, Answer answer);
  // As if the connection had been lost.
  void reconnect(std::string_view why);
  bool is_connected() const { return is_connected_; }
  const std::string& target() const { return reconnector_->peer().target; }

 private:
  Upstream(boost::asio::io_context& loop, std::chrono::milliseconds probe_interval, Events events)
      : loop_(loop), probe_interval_(probe_interval), events_(std::move(events)) {}
  void use(stream::Stream stream);
  Result<> receive(json::value message);

  boost::asio::io_context& loop_;
  const std::chrono::milliseconds probe_interval_;
  const Events events_;
  std::shared_ptr<Reconnector> reconnector_;
  std::shared_ptr<jsonrpc::Connection> connection_;  // Null: none is being made.
  std::map<std::int64_t, Answer> asked_;             // By the request's id.
  std::int64_t last_id_ = 0;
  bool is_connected_ = false;
  bool is_retired_ = false;
};

}  // namespace weft::ovsdb
