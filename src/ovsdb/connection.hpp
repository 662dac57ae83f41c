// One client's socket: bytes in, messages to its session; messages out, bytes to the socket. Never waits.
// Includes Boost.Asio: for server.cpp and connection.cpp only.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/unique_fd.hpp"
#include "ovsdb/server.hpp"
#include "ovsdb/session.hpp"

namespace weft::ovsdb {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `on_end` is called once, from the loop and never from within a call to the connection, when it is over.
  // `on_request` is called when the session has taken messages.
  struct Events {
    std::function<void()> on_end;
    std::function<void()> on_request;
  };
  Connection(boost::asio::io_context& loop, UniqueFd fd, Service& service, const ServerLimits& limits, Events events);

  void start();
  // Closes the socket and ends the session, without on_end. Not from within a call to the connection.
  void finish();

 private:
  void wait_readable();
  void wait_writable();
  // From now on the client has ServerLimits::stall_time to take a byte.
  void watch_for_stall();
  void on_readable();
  // Lets the session have the complete messages, as long as the client reads what is said to it.
  void take_messages();
  // What is said while the session has messages goes out afterwards, and what others make it say at the end of the
  // loop's turn: many messages by one write.
  void send(std::string_view message);
  void flush_soon();
  void flush();
  void drop(const std::string& why);
  void disconnect(std::string_view why);
  void end();
  void close();
  std::size_t backlog_bytes() const { return output_.size() - sent_; }
  std::string describe_peer() const;

  std::size_t max_backlog_bytes_;
  std::chrono::milliseconds stall_time_;
  Events events_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer stall_timer_;
  MessageReader reader_;
  std::string output_;
  std::size_t sent_ = 0;  // Bytes at the front of output_ that are gone.
  bool is_open_ = true;
  bool is_waiting_readable_ = false;
  bool is_waiting_writable_ = false;  // The client does not read as fast as we have to say.
  bool is_taking_messages_ = false;
  bool is_flush_due_ = false;
  std::unique_ptr<Session> session_;  // Gone after finish(): handlers in the loop may keep the connection longer.
};

}  // namespace weft::ovsdb
