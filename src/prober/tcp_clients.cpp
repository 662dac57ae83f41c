#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <list>

#include "base/system_error.hpp"
#include "prober/socket_address.hpp"
#include "prober/tcp.hpp"
#include "prober/tcp_greeting.hpp"

namespace weft::prober {
namespace {

// Of each attempt: the kernel repeats a lost packet after a second.
constexpr std::array<std::chrono::milliseconds, 2> attempt_limits{std::chrono::milliseconds{1300},
                                                                  std::chrono::milliseconds{1300}};
constexpr std::size_t in_flight_max = 256;

class Connection final : public Watcher {
 public:
  Connection(Questions& questions, Questions::Question question, const Endpoint& target, RunId run,
             Clock::time_point deadline)
      : questions_(questions), question_(question), target_(target), run_(run), deadline_(deadline) {}

  // In the namespace that we are in.
  Result<> open(Loop& loop) {
    const bool wants_ipv6 = is_ipv6(questions_.probe());
    const auto& address = wants_ipv6 ? *target_.address6 : *target_.address4;
    socket_.reset(::socket(address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket_) return fail_with_errno("cannot open a TCP socket");
    // Closed, it resets the connection: thousands that waited for late packets would hold their ports.
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    TRY(loop.watch(socket_.get(), target_.is_guest ? EPOLLOUT : EPOLLIN, *this));
    const SocketAddress to(address, wants_ipv6 ? target_.tcp_port6 : target_.tcp_port4);
    if (::connect(socket_.get(), to.get(), to.size()) != 0 && errno != EINPROGRESS) end_by(errno);
    return {};
  }

  bool is_over() const { return !socket_; }
  bool is_late(Clock::time_point now) const { return now >= deadline_; }

  void ready(std::uint32_t) override {
    if (is_over()) return;
    if (target_.is_guest) {  // It greets nobody: connected is enough.
      const int error = pending_error();
      return error != 0 ? end_by(error) : end(Outcome::answered);
    }
    std::array<char, greeting_bytes> buffer;
    for (;;) {
      const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (got < 0 && errno == EAGAIN) return;
      if (got < 0) return end_by(errno);
      if (got == 0) return end(Outcome::mistaken);  // It said something else, or less.
      received_.append(buffer.data(), static_cast<std::size_t>(got));
      if (received_.size() >= greeting_bytes) break;
    }
    end(received_ == greeting_of(question_.to, run_) ? Outcome::answered : Outcome::mistaken);
  }

 private:
  int pending_error() const {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }

  void end_by(int error) {
    if (error == ECONNREFUSED) return end(target_.is_guest ? Outcome::answered : Outcome::refused);
    if (error == ECONNRESET) return end(Outcome::refused);
    questions_.suspect(question_.from, question_.to, error == ETIMEDOUT ? Outcome::silence : Outcome::unreachable);
    socket_.reset();
  }

  void end(Outcome outcome) {
    if (outcome == Outcome::answered) {
      questions_.answer(question_.from, question_.to);
    } else {
      questions_.end(question_.from, question_.to, outcome);
    }
    socket_.reset();
  }

  Questions& questions_;
  Questions::Question question_;
  const Endpoint& target_;
  RunId run_;
  Clock::time_point deadline_;
  UniqueFd socket_;
  std::string received_;
};

// The connections that are under way, in the order they began.
class Connections {
 public:
  explicit Connections(Loop& loop) : loop_(loop) {}

  std::size_t size() const { return all_.size(); }
  Result<> begin(Questions& questions, Questions::Question question, const Endpoint& target, RunId run,
                 std::chrono::milliseconds limit) {
    auto& connection = all_.emplace_back(questions, question, target, run, Clock::now() + limit);
    return connection.open(loop_);
  }
  // Takes what has happened, waiting for it until the oldest is late if `waits`. Those that are over go.
  void turn(bool waits) {
    if (all_.empty()) return;
    const auto now = Clock::now();
    loop_.turn(waits ? now + oldest_left(now) : now);
    std::erase_if(all_, [&](const Connection& one) { return one.is_over() || one.is_late(now) || loop_.is_stopped(); });
  }

 private:
  // There are two limits and all of one attempt have the same, so a poll now and then is exact enough.
  std::chrono::milliseconds oldest_left(Clock::time_point now) const {
    return all_.front().is_late(now) ? std::chrono::milliseconds{0} : std::chrono::milliseconds{50};
  }

  Loop& loop_;
  std::list<Connection> all_;  // Watched: they must not move.
};

}  // namespace

Result<> ask_by_tcp(Loop& loop, const Endpoints& all, RunId run, const LocalEndpoints& here, Questions& questions) {
  std::vector<const LocalEndpoint*> by_number(all.size(), nullptr);
  for (const auto& endpoint : here) {
    if (endpoint.is_usable()) by_number[endpoint.number()] = &endpoint;
  }
  Connections connections(loop);
  for (const auto limit : attempt_limits) {
    const LocalEndpoint* entered = nullptr;
    for (const auto& question : questions.open()) {
      if (loop.is_stopped()) return {};
      const auto* asker = by_number[question.from];
      const auto& target = all[question.to];
      const auto port = is_ipv6(questions.probe()) ? target.tcp_port6 : target.tcp_port4;
      if (asker == nullptr || port == 0) continue;
      while (connections.size() >= in_flight_max && !loop.is_stopped()) connections.turn(true);
      if (entered != asker) asker->enter();
      entered = asker;
      TRY(connections.begin(questions, question, target, run, limit));
      if (connections.size() % 16 == 0) connections.turn(false);
    }
    while (connections.size() > 0 && !loop.is_stopped()) connections.turn(true);
    if (questions.open_count() == 0) return {};
    questions.next_round();
  }
  return {};
}

}  // namespace weft::prober
