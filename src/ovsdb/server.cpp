#include "ovsdb/server.hpp"

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <cstring>

#include "base/check.hpp"
#include "base/log.hpp"
#include "jsonrpc/connection.hpp"
#include "ovsdb/session.hpp"
#include "stream/unix_listener.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_jsonrpc_server");

namespace asio = boost::asio;

// After accept() has failed, for want of descriptors or memory, before it is tried again.
constexpr std::chrono::seconds accept_pause{1};

struct Listener : std::enable_shared_from_this<Listener> {
  Listener(asio::io_context& loop, stream::UnixListener opened)
      : socket(std::move(opened)), descriptor(loop, ::fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0)), pause(loop) {}
  stream::UnixListener socket;
  asio::posix::stream_descriptor descriptor;
  asio::steady_timer pause;
};

// A session and the connection that it speaks through.
class Client {
 public:
  Client(asio::io_context& loop, UniqueFd fd, Service& service, const jsonrpc::ConnectionLimits& limits,
         std::function<void()> on_idle, std::function<void()> on_end)
      : connection_(std::make_shared<jsonrpc::Connection>(
            loop, std::move(fd), limits,
            jsonrpc::Connection::Events{
                .on_message = [this](json::value message) { return session_.receive(std::move(message)); },
                .on_idle = std::move(on_idle),
                .on_caught_up = [this] { session_.catch_up(); },
                .on_end = std::move(on_end)})),
        session_(
            service, [this](std::string_view message) { connection_->send(message); },
            [this](std::string_view why) { connection_->disconnect(why); },
            [this] { return connection_->is_behind(); }) {
    connection_->start();
  }
  ~Client() { connection_->close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

 private:
  std::shared_ptr<jsonrpc::Connection> connection_;  // Handlers in the loop may keep it longer.
  Session session_;
};

}  // namespace

// Handlers in the loop hold it weakly: those that outlive the server do nothing.
class Server::State : public std::enable_shared_from_this<Server::State> {
 public:
  State(asio::io_context& loop, ServerLimits limits) : loop_(loop), limits_(limits), retry_timer_(loop) {
    service_.on_retry_due([this] { schedule_retry(); });
    service_.run_syncs_by(
        [this](GroupCommit::Sync task, GroupCommit::Answer done) { sync_aside(std::move(task), std::move(done)); });
  }

  Service& service() { return service_; }
  std::size_t client_count() const { return clients_.size(); }

  Result<> listen_unix(const std::string& path) {
    auto opened = TRY(stream::UnixListener::open(path));
    listeners_.push_back(std::make_shared<Listener>(loop_, std::move(opened)));
    wait_for_client(*listeners_.back());
    return {};
  }

  void stop_listening(const std::string& path) {
    std::erase_if(listeners_, [&](const auto& listener) { return listener->socket.path() == path; });
  }

  void stop() {
    listeners_.clear();
    clients_.clear();
    retry_timer_.cancel();
  }

 private:
  // `action`, unless the server is gone by then.
  template <class Action>
  auto guarded(Action action) {
    return [weak = weak_from_this(), action = std::move(action)](auto&&... arguments) {
      if (const auto self = weak.lock()) action(arguments...);
    };
  }

  auto when_ready(Listener& listener) {
    return guarded([this, weak = listener.weak_from_this()](const boost::system::error_code& error) {
      const auto still_there = weak.lock();
      if (!error && still_there) accept_clients(*still_there);
    });
  }

  void wait_for_client(Listener& listener) {
    listener.descriptor.async_wait(asio::posix::stream_descriptor::wait_read, when_ready(listener));
  }

  void accept_clients(Listener& listener) {
    while (true) {
      UniqueFd client(::accept4(listener.socket.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (client) {
        add_client(std::move(client), listener.socket.path());
        continue;
      }
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN) return wait_for_client(listener);
      log.error("{}: cannot accept a client: {}; trying again in a second", listener.socket.path(),
                std::strerror(errno));
      listener.pause.expires_after(accept_pause);
      return listener.pause.async_wait(when_ready(listener));
    }
  }

  void add_client(UniqueFd fd, const std::string& path) {
    if (clients_.size() >= limits_.clients) {
      log.warning("{}: a client was turned away: there are {} already", path, clients_.size());
      return;
    }
    const auto id = ++last_client_;
    clients_.emplace(id, std::make_unique<Client>(loop_, std::move(fd), service_, limits_.connection,
                                                  guarded([this] { arm_retry_timer(); }),
                                                  guarded([this, id] { clients_.erase(id); })));
  }

  // Blocked transactions are tried again from the loop: a commit must not run inside another.
  void schedule_retry() {
    if (retry_scheduled_) return;
    retry_scheduled_ = true;
    asio::post(loop_, guarded([this] { retry(); }));
  }

  void retry() {
    service_.retry_blocked();
    retry_scheduled_ = false;
    arm_retry_timer();
  }

  // A disk takes milliseconds: other clients are served meanwhile.
  void sync_aside(GroupCommit::Sync task, GroupCommit::Answer done) {
    asio::post(sync_thread_, [&loop = loop_, task = std::move(task), done = guarded(std::move(done))] {
      asio::post(loop, [done, outcome = task()] { done(outcome); });
    });
  }

  void arm_retry_timer() {
    const auto timeout = service_.next_timeout();
    if (!timeout || (armed_ && *armed_ == *timeout)) return;
    armed_ = timeout;
    retry_timer_.expires_at(*timeout);
    retry_timer_.async_wait(guarded([this](const boost::system::error_code& error) {
      if (error) return;
      armed_.reset();
      retry();
    }));
  }

  asio::io_context& loop_;
  ServerLimits limits_;
  Service service_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::map<std::uint64_t, std::unique_ptr<Client>> clients_;
  std::uint64_t last_client_ = 0;
  asio::steady_timer retry_timer_;
  std::optional<std::chrono::steady_clock::time_point> armed_;  // When retry_timer_ fires.
  bool retry_scheduled_ = false;
  asio::thread_pool sync_thread_{1};
};

Server::Server(asio::io_context& loop, ServerLimits limits) : state_(std::make_shared<State>(loop, limits)) {}
Server::~Server() { stop(); }

void Server::add_database(Database& database) { state_->service().add_database(database); }
void Server::remove_database(const std::string& name) { state_->service().remove_database(name); }
bool Server::has_database(std::string_view name) const { return state_->service().find(name); }
Result<> Server::listen_unix(const std::string& path) { return state_->listen_unix(path); }
void Server::stop_listening(const std::string& path) { state_->stop_listening(path); }
Service& Server::service() { return state_->service(); }
std::size_t Server::client_count() const { return state_->client_count(); }
Usage Server::usage() const { return usage_of(state_->service()); }
void Server::stop() { state_->stop(); }

}  // namespace weft::ovsdb
