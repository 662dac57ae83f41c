#include "jsonrpc/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "base/process_name.hpp"

namespace weft::jsonrpc {
namespace {

const LogModule log("jsonrpc");

// One read at a time, so that a busy client does not keep the others waiting.
constexpr std::size_t read_chunk_bytes = 64 << 10;
// So much is written before the next message of the client is looked at.
constexpr std::size_t write_chunk_bytes = 64 << 10;

}  // namespace

Connection::Connection(boost::asio::io_context& loop, UniqueFd fd, const ConnectionLimits& limits, Events events)
    : limits_(limits),
      events_(std::move(events)),
      socket_(loop, fd.release()),
      stall_timer_(loop),
      reader_(limits.request_bytes) {}

void Connection::start() { wait_readable(); }

void Connection::close() {
  is_open_ = false;
  boost::system::error_code ignored;
  socket_.close(ignored);
  stall_timer_.cancel();
}

void Connection::wait_readable() {
  if (is_waiting_readable_) return;
  is_waiting_readable_ = true;
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->is_waiting_readable_ = false;
                       if (!error && self->is_open_) self->on_readable();
                     });
}

void Connection::wait_writable() {
  if (is_waiting_writable_) return;
  is_waiting_writable_ = true;
  watch_for_stall();
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](const boost::system::error_code& error) {
                       self->is_waiting_writable_ = false;
                       self->stall_timer_.cancel();
                       if (error || !self->is_open_) return;
                       self->flush();
                       if (!self->is_open_ || self->is_waiting_writable_) return;
                       // What the peer sent while it did not read waits in the reader and in the socket.
                       self->events_.on_caught_up();
                       self->take_messages();
                     });
}

void Connection::watch_for_stall() {
  stall_timer_.expires_after(limits_.stall_time);
  stall_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || !self->is_open_) return;
    // The peer may have taken a byte while this call stood in the loop's queue.
    if (!self->is_waiting_writable_ || self->stall_timer_.expiry() > std::chrono::steady_clock::now()) return;
    self->drop(fmt::format("it has read nothing for {} ms, with {} bytes waiting", self->limits_.stall_time.count(),
                           self->backlog_bytes()));
  });
}

void Connection::on_readable() {
  std::array<char, read_chunk_bytes> buffer;
  const auto size = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return wait_readable();
  if (size < 0) log.debug("{}: {}", describe_peer(), std::strerror(errno));
  if (size <= 0) return end();
  const auto fed = reader_.feed({buffer.data(), static_cast<std::size_t>(size)});
  take_messages();
  if (!fed && is_open_) drop(fed.error().details);
}

void Connection::take_messages() {
  is_taking_messages_ = true;
  while (is_open_ && !is_waiting_writable_) {
    auto message = reader_.next();
    if (!message) break;
    if (const auto received = events_.on_message(std::move(*message)); !received) return drop(received.error().details);
    if (backlog_bytes() >= write_chunk_bytes) flush();
  }
  is_taking_messages_ = false;
  if (!is_open_) return;
  events_.on_idle();
  flush();
  if (is_open_ && !is_waiting_writable_) wait_readable();
}

void Connection::send(std::string_view message) {
  if (!is_open_) return;
  if (backlog_bytes() > limits_.backlog_bytes) return drop(fmt::format("it has left {} bytes unread", backlog_bytes()));
  output_ += message;
  if (!is_waiting_writable_ && !is_taking_messages_) flush_soon();
}

void Connection::flush_soon() {
  if (std::exchange(is_flush_due_, true)) return;
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->is_flush_due_ = false;
    if (self->is_open_ && !self->is_waiting_writable_) self->flush();
  });
}

void Connection::flush() {
  while (backlog_bytes() > 0) {
    const auto size = ::send(socket_.native_handle(), output_.data() + sent_, backlog_bytes(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) break;
    if (size < 0) return end();
    sent_ += static_cast<std::size_t>(size);
  }
  // Moving the rest to the front costs less than what was sent.
  if (sent_ >= output_.size() - sent_) {
    output_.erase(0, sent_);
    sent_ = 0;
  }
  if (output_.empty() && output_.capacity() > write_chunk_bytes) output_.shrink_to_fit();
  if (backlog_bytes() > 0) wait_writable();
}

void Connection::drop(const std::string& why) {
  log.warning("{}: disconnected: {}", describe_peer(), why);
  end();
}

void Connection::disconnect(std::string_view why) {
  log.info("{}: disconnecting ({})", describe_peer(), why);
  end();
}

void Connection::end() {
  if (!is_open_) return;
  close();
  output_ = {};
  sent_ = 0;
  // We may be deep inside what makes the owner say something to many.
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] { self->events_.on_end(); });
}

std::string Connection::describe_peer() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  const auto fd = const_cast<boost::asio::posix::stream_descriptor&>(socket_).native_handle();
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.pid == 0) return "unknown";
  return describe_process(peer.pid);
}

}  // namespace weft::jsonrpc
