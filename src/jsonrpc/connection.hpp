// One peer's stream in somebody's Boost.Asio loop: bytes in, whole messages to the owner; messages out, bytes to the
// stream. Never waits, and bounds what a peer can make it hold. Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "jsonrpc/connection_limits.hpp"
#include "jsonrpc/memory_budget.hpp"
#include "stream/stream.hpp"

namespace weft::jsonrpc {

class Connection : public std::enable_shared_from_this<Connection>, private MemoryBudget::Holder {
 public:
  // All are called from the loop while the connection is open, but for on_end.
  struct Events {
    // The stream is connected, its handshake done: before anything else.
    std::function<void()> on_open = [] {};
    // A message, whatever it is. An error ends the connection, with a line in the log.
    std::function<Result<>(json::value message)> on_message;
    // The messages that have come were handed over.
    std::function<void()> on_idle = [] {};
    // The peer, which was behind, has taken all that was said to it.
    std::function<void()> on_caught_up = [] {};
    // Once, never from within a call to the connection, when it ended by itself. The reason is for people: the
    // system's, or "End of file" where the peer has ended it.
    std::function<void(const std::string& reason)> on_end;
  };
  // `budget`: what it holds is counted there until it is closed or has ended.
  Connection(boost::asio::io_context& loop, stream::Stream stream, const ConnectionLimits& limits, Events events,
             MemoryBudget* budget = nullptr);
  ~Connection() override;

  void start();
  // The text of one message. What is said while the peer's messages are handed over goes out afterwards, anything else
  // at the end of the loop's turn: many messages by one write.
  void send(std::string_view message);
  // The peer has not yet taken what was said to it: its messages are not read until it has.
  bool is_behind() const { return is_waiting_writable_; }
  // Ends the connection soon, as if the peer had: may be called from within an event. `why` is for the log.
  void disconnect(std::string_view why);
  // The common name in the certificate by which the peer has identified itself; empty: it has not.
  std::string peer_common_name() const { return stream_->peer_common_name(); }
  // Closes the stream. No event comes any more, also not on_end. Not from within an event.
  void close();

 private:
  using Wait = boost::asio::posix::stream_descriptor::wait_type;

  // Calls `action` when the socket is ready, unless it was closed meanwhile.
  template <class Action>
  void when_ready(Wait wait, Action action);
  // What the timer calls when it fires, not when it is set anew.
  template <class Action>
  void after(boost::asio::steady_timer& timer, std::chrono::milliseconds time, Action action);

  void open();
  void shut();
  void wait_readable();
  // Goes on writing when the stream `wants` to. From now on the peer has ConnectionLimits::stall_time to take a byte.
  void wait_writable(const stream::Step& wants);
  void watch_for_stall();
  void watch_for_silence();
  void on_readable();
  void take_messages();
  void flush_soon();
  void flush();
  void drop(const std::string& why);
  void end(const std::string& reason);
  void end(const stream::Step& step);
  std::size_t backlog_bytes() const { return output_.size() - sent_; }
  std::string describe_peer() const;
  std::size_t held_bytes() const override { return reader_->held_bytes() + output_.capacity(); }
  void throw_out(std::size_t all_held_bytes) override;
  void note_held() {
    if (budget_ && stream_) budget_->note(*this);
  }

  ConnectionLimits limits_;
  Events events_;
  MemoryBudget* budget_;                          // May be null.
  std::optional<stream::Stream> stream_;          // None: closed.
  boost::asio::posix::stream_descriptor socket_;  // The stream's, to wait with.
  boost::asio::steady_timer stall_timer_;         // Also for the handshake.
  boost::asio::steady_timer probe_timer_;
  std::optional<MessageReader> reader_;  // None: closed.
  std::string output_;
  std::size_t sent_ = 0;  // Bytes at the front of output_ that are gone.
  bool is_established_ = false;
  bool is_silent_ = false;  // The owner has closed it.
  bool is_waiting_readable_ = false;
  bool is_waiting_writable_ = false;
  bool is_taking_messages_ = false;
  bool is_flush_due_ = false;
  bool has_received_ = false;  // Since probe_timer_ was set.
  bool is_probing_ = false;
};

}  // namespace weft::jsonrpc
