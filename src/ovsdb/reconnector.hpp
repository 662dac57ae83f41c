// Connects to a peer by active connection methods, one after the other, and connects again when it is gone, with pauses
// in between. What it does is told in the log in Open vSwitch's words. Includes Boost.Asio: for few files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "ovsdb/backoff.hpp"
#include "stream/connect.hpp"
#include "stream/method.hpp"
#include "stream/tls.hpp"

namespace weft::ovsdb {

class Reconnector : public std::enable_shared_from_this<Reconnector> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // A stream that is being connected, for the owner: it tells note_connected() and note_end() of it. An error is the
  // reason why there is no attempt now.
  using Use = std::function<Result<>(stream::Stream)>;

  struct Peer {
    std::string target;  // The method's text.
    stream::Method method;
  };

  // `peers`: one at least.
  Reconnector(boost::asio::io_context& loop, stream::Tls& tls, std::vector<Peer> peers,
              std::chrono::milliseconds max_backoff, Use use);

  void start();
  void set_max_backoff(std::chrono::milliseconds most) { backoff_.set_most(most); }
  void note_connected();
  void note_end(const std::string& reason);

  const Peer& peer() const { return peers_[current_]; }          // The one whose turn it is.
  const std::string& state() const { return state_; }            // "CONNECTING", "ACTIVE", "BACKOFF"
  const std::string& last_error() const { return last_error_; }  // May be empty.
  std::optional<TimePoint> last_connected() const { return last_connected_; }
  std::optional<TimePoint> last_disconnected() const { return last_disconnected_; }

 private:
  // `action`, unless this is gone by then.
  template <class Action>
  auto guarded(Action action);
  void say(std::string_view what) const;
  void ask_for_addresses();
  void try_next_address();
  void try_address(const stream::SocketAddress& address);
  void fail_attempt(const std::string& reason);
  void pause(std::chrono::milliseconds connected);

  stream::Tls& tls_;
  const std::vector<Peer> peers_;
  std::size_t current_;
  Use use_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
  Backoff backoff_;
  std::vector<stream::SocketAddress> addresses_;  // Still to be tried.
  std::string state_ = "VOID";
  std::string last_error_;
  std::optional<TimePoint> connected_;  // Since when; none: it is not, or not yet.
  std::optional<TimePoint> last_connected_, last_disconnected_;
};

}  // namespace weft::ovsdb
