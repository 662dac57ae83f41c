// A passive remote: takes whoever comes, within limits.
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <map>

#include "base/log.hpp"
#include "base/log_limit.hpp"
#include "ovsdb/remote_client.hpp"
#include "stream/listener.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_jsonrpc_server");
LogLimit limit(20, 20);  // Anybody may come as often as he likes.

namespace asio = boost::asio;
using boost::system::error_code;

// After accept() has failed, for want of descriptors or memory, before it is tried again.
constexpr std::chrono::seconds accept_pause{1};
// So many are accepted before the others have their turn.
constexpr int accepts_at_once = 64;

class RemoteListener : public Remote {
 public:
  RemoteListener(RemoteHost& host, stream::Listener listener, const stream::Method& method, RemoteOptions options)
      : host_(host),
        listener_(std::move(listener)),
        descriptor_(host.loop, listener_.fd()),
        pause_(host.loop),
        needs_probes_(method.needs_probes()),
        client_limit_(method.transport == stream::Method::Transport::unix_socket ? host.limits.clients
                                                                                 : host.limits.network_clients),
        options_(std::move(options)) {}
  ~RemoteListener() override { descriptor_.release(); }  // The listener owns it.

  void start() { wait_for_client(); }

  void set_options(const RemoteOptions& options) override {
    const bool are_clients_the_same = options.read_only == options_.read_only && options.role == options_.role &&
                                      options.inactivity_probe == options_.inactivity_probe;
    options_ = options;
    if (are_clients_the_same) return;
    for (const auto& [id, client] : clients_) client->disconnect("its remote was configured anew");
  }

  RemoteStatus status() const override {
    RemoteStatus status;
    for (const auto& [id, client] : clients_) {
      if (!client->is_connected()) continue;
      if (++status.connections == 1) client->describe(status);
    }
    status.bound_port = listener_.bound_port();
    return status;
  }

  std::size_t client_count() const override { return clients_.size(); }

 private:
  auto when_ready() {
    return guarded([this](const error_code& error) {
      if (!error) accept_clients();
    });
  }

  void wait_for_client() { descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, when_ready()); }

  void accept_clients() {
    for (int i = 0; i < accepts_at_once; ++i) {
      auto accepted = listener_.accept();
      if (std::holds_alternative<stream::Listener::Nobody>(accepted)) break;
      if (const auto* failure = std::get_if<stream::Listener::Failure>(&accepted)) {
        log.limited(limit, LogLevel::error, "{}: cannot accept a client: {}; trying again in a second",
                    listener_.name(), std::strerror(failure->error));
        pause_.expires_after(accept_pause);
        return pause_.async_wait(when_ready());
      }
      if (const auto* refused = std::get_if<stream::Listener::Refused>(&accepted)) {
        log.limited(limit, LogLevel::error, "{}: a client was turned away: {}", listener_.name(),
                    refused->reason.details);
      } else {
        add_client(std::move(std::get<stream::Stream>(accepted)));
      }
    }
    wait_for_client();
  }

  void add_client(stream::Stream stream) {
    if (host_.client_count >= client_limit_ && !drop_silent_client()) {
      log.limited(limit, LogLevel::warning, "{}: a client was turned away: there are {} already", listener_.name(),
                  host_.client_count);
      return;
    }
    const auto id = ++last_client_;
    const auto [place, is_new] = clients_.try_emplace(id);
    place->second = std::make_unique<RemoteClient>(
        host_, std::move(stream), options_, needs_probes_,
        RemoteClient::Events{.on_end = guarded([this, id](const std::string&) { clients_.erase(id); })});
  }

  // Whoever only connects and says nothing must not keep others out. The oldest goes: who has just come is about to
  // speak. False: all have spoken.
  bool drop_silent_client() {
    const auto silent = std::ranges::find_if(clients_, [](const auto& entry) { return !entry.second->has_spoken(); });
    if (silent == clients_.end()) return false;
    log.limited(limit, LogLevel::warning, "{}: a client that has said nothing makes room: there are {} already",
                listener_.name(), host_.client_count);
    clients_.erase(silent);
    return true;
  }

  RemoteHost& host_;
  stream::Listener listener_;
  asio::posix::stream_descriptor descriptor_;
  asio::steady_timer pause_;
  const bool needs_probes_;
  const std::size_t client_limit_;
  RemoteOptions options_;
  std::map<std::uint64_t, std::unique_ptr<RemoteClient>> clients_;
  std::uint64_t last_client_ = 0;
};

}  // namespace

Result<std::shared_ptr<Remote>> listen(RemoteHost& host, const stream::Method& method, const RemoteOptions& options) {
  auto opened = TRY(stream::Listener::open(options.target, method, host.tls));
  auto listener = std::make_shared<RemoteListener>(host, std::move(opened), method, options);
  listener->start();
  return listener;
}

}  // namespace weft::ovsdb
