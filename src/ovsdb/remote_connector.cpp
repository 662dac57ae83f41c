// An active remote: connects to one peer, which then is a client like any other, and connects again when it is gone.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>

#include "base/log.hpp"
#include "ovsdb/backoff.hpp"
#include "ovsdb/remote_client.hpp"
#include "stream/connect.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("reconnect");

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// As stream::describe_end() says it.
constexpr std::string_view end_of_file = "End of file";

class RemoteConnector : public Remote {
 public:
  RemoteConnector(RemoteHost& host, stream::Method method, RemoteOptions options)
      : host_(host),
        method_(std::move(method)),
        options_(std::move(options)),
        resolver_(host.loop),
        timer_(host.loop),
        backoff_(options_.max_backoff) {}

  void start() {
    say("connecting...");
    addresses_.clear();
    client_.reset();
    connected_.reset();
    state_ = "CONNECTING";
    if (method_.transport == stream::Method::Transport::unix_socket) return try_address({});
    if (!stream::is_numeric_host(method_.host)) return ask_for_addresses();
    auto addresses = stream::resolve(method_);
    if (!addresses) return fail_attempt(addresses.error().details);
    addresses_ = std::move(*addresses);
    try_next_address();
  }

  void set_options(const RemoteOptions& options) override {
    const bool is_client_the_same = options.read_only == options_.read_only && options.role == options_.role &&
                                    options.inactivity_probe == options_.inactivity_probe;
    options_ = options;
    backoff_.set_most(options.max_backoff);
    if (!is_client_the_same && client_) client_->disconnect("its remote was configured anew");
  }

  RemoteStatus status() const override {
    RemoteStatus status;
    status.state = state_;
    status.last_error = last_error_;
    const auto now = steady_clock::now();
    const auto elapsed = [&](const auto& since) { return std::chrono::floor<std::chrono::seconds>(now - since); };
    if (last_connected_) status.since_connect = elapsed(*last_connected_);
    if (last_disconnected_) status.since_disconnect = elapsed(*last_disconnected_);
    if (client_) client_->describe(status);
    status.connections = status.is_connected ? 1 : 0;
    return status;
  }

  std::size_t client_count() const override { return client_ ? 1 : 0; }

 private:
  // What happens again and again is told only until the pauses are long.
  void say(std::string_view what) const {
    if (backoff_.is_at_most()) {
      log.debug("{}: {}", options_.target, what);
    } else {
      log.info("{}: {}", options_.target, what);
    }
  }

  // Name servers may take long: others are served meanwhile.
  void ask_for_addresses() {
    resolver_.async_resolve(method_.host, std::to_string(method_.port), tcp::resolver::numeric_service,
                            guarded([this](const error_code& error, const tcp::resolver::results_type& found) {
                              if (error == boost::asio::error::operation_aborted) return;
                              if (error) return fail_attempt(error.message());
                              for (const auto& entry : found) {
                                auto& address = addresses_.emplace_back();
                                const auto endpoint = entry.endpoint();
                                std::memcpy(address.get(), endpoint.data(), endpoint.size());
                                address.size = static_cast<socklen_t>(endpoint.size());
                              }
                              try_next_address();
                            }));
  }

  void try_next_address() {
    if (addresses_.empty()) return fail_attempt(last_error_);
    const auto address = addresses_.front();
    addresses_.erase(addresses_.begin());
    try_address(address);
  }

  void try_address(const stream::SocketAddress& address) {
    if (host_.client_count >= host_.limits.clients) return fail_attempt("there are too many clients already");
    auto begun = stream::begin_connect(options_.target, method_, address, host_.tls);
    if (!begun) {
      last_error_ = begun.error().details;
      return try_next_address();
    }
    client_ = std::make_unique<RemoteClient>(
        host_, *std::move(begun), options_, method_.needs_probes(),
        RemoteClient::Events{.on_open = [this] { note_connected(); },
                             .on_end = guarded([this](const std::string& reason) { note_end(reason); })});
  }

  void note_connected() {
    say("connected");
    state_ = "ACTIVE";
    last_error_.clear();
    addresses_.clear();
    connected_ = last_connected_ = steady_clock::now();
  }

  void note_end(const std::string& reason) {
    client_.reset();
    last_error_ = reason;
    if (!connected_) return try_next_address();
    say(reason == end_of_file ? "connection closed by peer" : fmt::format("connection dropped ({})", reason));
    last_disconnected_ = steady_clock::now();
    pause(std::chrono::duration_cast<milliseconds>(*last_disconnected_ - *connected_));
  }

  void fail_attempt(const std::string& reason) {
    last_error_ = reason;
    say(fmt::format("connection attempt failed ({})", reason));
    pause(milliseconds(0));
  }

  void pause(milliseconds connected) {
    const bool was_at_most = backoff_.is_at_most();
    const auto time = backoff_.next(connected);
    if (backoff_.is_at_most() && !was_at_most) {
      log.info("{}: continuing to reconnect in the background but suppressing further logging", options_.target);
    } else if (time > Backoff::least) {
      say(fmt::format("waiting {:.3g} seconds before reconnect", std::chrono::duration<double>(time).count()));
    }
    state_ = "BACKOFF";
    timer_.expires_after(time);
    timer_.async_wait(guarded([this](const error_code& error) {
      if (!error) start();
    }));
  }

  RemoteHost& host_;
  const stream::Method method_;
  RemoteOptions options_;
  tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
  Backoff backoff_;
  std::vector<stream::SocketAddress> addresses_;  // Still to be tried.
  std::unique_ptr<RemoteClient> client_;
  std::string state_ = "VOID";
  std::string last_error_;
  std::optional<steady_clock::time_point> connected_;  // Since when; none: it is not, or not yet.
  std::optional<steady_clock::time_point> last_connected_, last_disconnected_;
};

}  // namespace

std::shared_ptr<Remote> connect(RemoteHost& host, const stream::Method& method, const RemoteOptions& options) {
  auto connector = std::make_shared<RemoteConnector>(host, method, options);
  connector->start();
  return connector;
}

}  // namespace weft::ovsdb
