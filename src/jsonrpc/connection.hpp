// One peer's socket in somebody's Boost.Asio loop: bytes in, whole messages to the owner; messages out, bytes to the
// socket. Never waits, and bounds what a peer can make it hold. Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/unique_fd.hpp"
#include "jsonrpc/connection_limits.hpp"

namespace weft::jsonrpc {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // All are called from the loop while the connection is open, but for on_end.
  struct Events {
    // A message, whatever it is. An error ends the connection, with a line in the log.
    std::function<Result<>(json::value message)> on_message;
    // The messages that have come were handed over.
    std::function<void()> on_idle = [] {};
    // The peer, which was behind, has taken all that was said to it.
    std::function<void()> on_caught_up = [] {};
    // Once, never from within a call to the connection, when it ended by itself.
    std::function<void()> on_end;
  };
  Connection(boost::asio::io_context& loop, UniqueFd fd, const ConnectionLimits& limits, Events events);

  void start();
  // The text of one message. What is said while the peer's messages are handed over goes out afterwards, anything else
  // at the end of the loop's turn: many messages by one write.
  void send(std::string_view message);
  // The peer has not yet taken what was said to it: its messages are not read until it has.
  bool is_behind() const { return is_waiting_writable_; }
  // Ends the connection soon, as if the peer had: may be called from within an event. `why` is for the log.
  void disconnect(std::string_view why);
  // Closes the socket. No event comes any more, also not on_end. Not from within an event.
  void close();

 private:
  void wait_readable();
  void wait_writable();
  // From now on the peer has ConnectionLimits::stall_time to take a byte.
  void watch_for_stall();
  void on_readable();
  void take_messages();
  void flush_soon();
  void flush();
  void drop(const std::string& why);
  void end();
  std::size_t backlog_bytes() const { return output_.size() - sent_; }
  std::string describe_peer() const;

  ConnectionLimits limits_;
  Events events_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer stall_timer_;
  MessageReader reader_;
  std::string output_;
  std::size_t sent_ = 0;  // Bytes at the front of output_ that are gone.
  bool is_open_ = true;
  bool is_waiting_readable_ = false;
  bool is_waiting_writable_ = false;
  bool is_taking_messages_ = false;
  bool is_flush_due_ = false;
};

}  // namespace weft::jsonrpc
