#include "jsonrpc/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/post.hpp>

#include "base/log.hpp"
#include "base/log_limit.hpp"
#include "base/process_name.hpp"
#include "jsonrpc/message.hpp"
#include "jsonrpc/message_log.hpp"

namespace weft::jsonrpc {
namespace {

const LogModule log("jsonrpc");
const LogModule reconnect_log("reconnect");  // Where Open vSwitch tells of probes.
LogLimit drop_limit(60, 60);                 // Peers may misbehave as often as they like.

using boost::asio::posix::stream_descriptor;
using stream::Step;

// One read at a time, so that a busy client does not keep the others waiting.
constexpr std::size_t read_chunk_bytes = 64 << 10;
// So much is written before the next message of the client is looked at.
constexpr std::size_t write_chunk_bytes = 64 << 10;

// As Open vSwitch marks its probes; the reply to one is no news to anybody.
constexpr char probe_id[] = "echo";

stream_descriptor::wait_type wait_of(const Step& step) {
  return step.kind == Step::Kind::wants_read ? stream_descriptor::wait_read : stream_descriptor::wait_write;
}

}  // namespace

Connection::Connection(boost::asio::io_context& loop, stream::Stream stream, const ConnectionLimits& limits,
                       Events events, MemoryBudget* budget)
    : limits_(limits),
      events_(std::move(events)),
      budget_(budget),
      stream_(std::move(stream)),
      socket_(loop, stream_->fd()),
      stall_timer_(loop),
      probe_timer_(loop),
      reader_(limits.request_bytes) {
  if (budget_) budget_->add(*this);
}

Connection::~Connection() { shut(); }

void Connection::close() {
  is_silent_ = true;
  shut();
}

void Connection::shut() {
  if (!stream_) return;
  if (budget_) budget_->remove(*this);
  socket_.release();
  stream_.reset();
  reader_.reset();
  output_ = {};
  sent_ = 0;
  stall_timer_.cancel();
  probe_timer_.cancel();
}

template <class Action>
void Connection::when_ready(Wait wait, Action action) {
  socket_.async_wait(wait, [self = shared_from_this(), action](const boost::system::error_code& error) {
    if (!error && self->stream_) action(*self);
  });
}

template <class Action>
void Connection::after(boost::asio::steady_timer& timer, std::chrono::milliseconds time, Action action) {
  timer.expires_after(time);
  timer.async_wait([&timer, weak = weak_from_this(), action](const boost::system::error_code& error) {
    const auto self = weak.lock();
    // It may have been set anew while this call stood in the loop's queue.
    if (error || !self || !self->stream_ || timer.expiry() > std::chrono::steady_clock::now()) return;
    action(*self);
  });
}

void Connection::start() {
  after(stall_timer_, limits_.handshake_time, [](Connection& self) {
    if (self.is_established_) return;
    self.drop(fmt::format("it was not connected within {} ms", self.limits_.handshake_time.count()));
  });
  open();
}

void Connection::open() {
  const auto step = stream_->open();
  if (step.must_wait()) return when_ready(wait_of(step), [](Connection& self) { self.open(); });
  if (!step.is_done()) return end(step);
  is_established_ = true;
  stall_timer_.cancel();
  events_.on_open();
  if (!stream_) return;
  watch_for_silence();
  wait_readable();
}

void Connection::wait_readable() {
  if (is_waiting_readable_) return;
  is_waiting_readable_ = true;
  const auto go_on = [](Connection& self) {
    self.is_waiting_readable_ = false;
    self.on_readable();
  };
  if (!stream_->has_buffered()) return when_ready(stream_descriptor::wait_read, go_on);
  // The others' turn comes first, as if the descriptor had told.
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), go_on] {
    if (self->stream_) go_on(*self);
  });
}

void Connection::wait_writable(const Step& wants) {
  if (is_waiting_writable_) return;
  is_waiting_writable_ = true;
  watch_for_stall();
  when_ready(wait_of(wants), [](Connection& self) {
    self.is_waiting_writable_ = false;
    self.stall_timer_.cancel();
    self.flush();
    if (!self.stream_ || self.is_waiting_writable_) return;
    // What the peer sent while it did not read waits in the reader and in the socket.
    self.events_.on_caught_up();
    self.take_messages();
  });
}

void Connection::watch_for_stall() {
  after(stall_timer_, limits_.stall_time, [](Connection& self) {
    if (!self.is_waiting_writable_) return;
    self.drop(fmt::format("it has read nothing for {} ms, with {} bytes waiting", self.limits_.stall_time.count(),
                          self.backlog_bytes()));
  });
}

void Connection::watch_for_silence() {
  if (limits_.probe_interval.count() == 0) return;
  has_received_ = false;
  after(probe_timer_, limits_.probe_interval, [](Connection& self) {
    // A peer that we do not listen to, because it does not read, is watched by the other timer.
    if (self.has_received_ || self.is_waiting_writable_) {
      self.is_probing_ = false;
    } else if (std::exchange(self.is_probing_, true)) {
      reconnect_log.error("{}: no response to inactivity probe after {:.3g} seconds, disconnecting",
                          self.stream_->name(), std::chrono::duration<double>(self.limits_.probe_interval).count());
      return self.end("no response to inactivity probe");
    } else {
      self.send(to_text(make_request("echo", {}, probe_id)));
    }
    if (self.stream_) self.watch_for_silence();
  });
}

void Connection::on_readable() {
  std::array<char, read_chunk_bytes> buffer;
  const auto step = stream_->read(buffer);
  if (step.must_wait()) {
    if (step.kind == Step::Kind::wants_read) return wait_readable();
    return when_ready(stream_descriptor::wait_write, [](Connection& self) { self.wait_readable(); });
  }
  if (!step.is_done()) return end(step);
  has_received_ = true;
  const auto fed = reader_->feed({buffer.data(), step.bytes});
  note_held();
  take_messages();
  if (!fed && stream_) drop(fed.error().details);
}

void Connection::take_messages() {
  is_taking_messages_ = true;
  while (stream_ && !is_waiting_writable_) {
    auto message = reader_->next();
    if (!message) break;
    if (are_messages_logged()) log_received(stream_->name(), *message);
    if (const auto received = events_.on_message(std::move(*message)); !received) return drop(received.error().details);
    if (backlog_bytes() >= write_chunk_bytes) flush();
  }
  is_taking_messages_ = false;
  if (!stream_) return;
  events_.on_idle();
  flush();
  note_held();
  if (stream_ && !is_waiting_writable_) wait_readable();
}

void Connection::send(std::string_view message) {
  if (!stream_) return;
  if (backlog_bytes() > limits_.backlog_bytes) return drop(fmt::format("it has left {} bytes unread", backlog_bytes()));
  if (are_messages_logged()) log_sent(stream_->name(), message);
  output_ += message;
  note_held();
  if (stream_ && !is_waiting_writable_ && !is_taking_messages_) flush_soon();
}

void Connection::flush_soon() {
  if (std::exchange(is_flush_due_, true)) return;
  boost::asio::post(socket_.get_executor(), [self = shared_from_this()] {
    self->is_flush_due_ = false;
    if (self->stream_ && !self->is_waiting_writable_) self->flush();
  });
}

void Connection::flush() {
  Step step{Step::Kind::done};
  while (backlog_bytes() > 0 && step.is_done()) {
    step = stream_->write(std::string_view(output_).substr(sent_));
    sent_ += step.bytes;
  }
  if (!step.is_done() && !step.must_wait()) return end(step);
  // Moving the rest to the front costs less than what was sent.
  if (sent_ >= output_.size() - sent_) {
    output_.erase(0, sent_);
    sent_ = 0;
  }
  if (output_.empty() && output_.capacity() > write_chunk_bytes) output_.shrink_to_fit();
  if (backlog_bytes() > 0) wait_writable(step);
}

void Connection::drop(const std::string& why) {
  if (!stream_) return;
  log.limited(drop_limit, LogLevel::warning, "{}: disconnected: {}", describe_peer(), why);
  end(why);
}

void Connection::throw_out(std::size_t all_held_bytes) {
  drop(fmt::format("it holds {} bytes here, more than any other, and all together hold {}", held_bytes(),
                   all_held_bytes));
}

void Connection::disconnect(std::string_view why) {
  if (!stream_) return;
  log.info("{}: disconnecting ({})", stream_->name(), why);
  end(std::string(why));
}

void Connection::end(const Step& step) {
  log.debug("{}: {}", describe_peer(), describe_end(step));
  end(describe_end(step));
}

void Connection::end(const std::string& reason) {
  if (!stream_) return;
  shut();
  // We may be deep inside what makes the owner say something to many.
  boost::asio::post(socket_.get_executor(), [self = shared_from_this(), reason] {
    if (!self->is_silent_) self->events_.on_end(reason);
  });
}

std::string Connection::describe_peer() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(stream_->fd(), SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.pid == 0) return stream_->name();
  return fmt::format("{}: {}", stream_->name(), describe_process(peer.pid));
}

}  // namespace weft::jsonrpc
