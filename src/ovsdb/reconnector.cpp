#include "ovsdb/reconnector.hpp"

#include <fmt/format.h>

#include <cstring>

#include "base/log.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("reconnect");

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// As stream::describe_end() says it.
constexpr std::string_view end_of_file = "End of file";

}  // namespace

Reconnector::Reconnector(boost::asio::io_context& loop, stream::Tls& tls, std::vector<Peer> peers,
                         milliseconds max_backoff, Use use)
    : tls_(tls),
      peers_(std::move(peers)),
      current_(peers_.size() - 1),
      use_(std::move(use)),
      resolver_(loop),
      timer_(loop),
      backoff_(max_backoff) {}

template <class Action>
auto Reconnector::guarded(Action action) {
  return [weak = weak_from_this(), action = std::move(action)](const auto&... arguments) {
    if (const auto self = weak.lock()) action(arguments...);
  };
}

void Reconnector::start() {
  current_ = (current_ + 1) % peers_.size();
  say("connecting...");
  addresses_.clear();
  connected_.reset();
  state_ = "CONNECTING";
  if (peer().method.transport == stream::Method::Transport::unix_socket) return try_address({});
  if (!stream::is_numeric_host(peer().method.host)) return ask_for_addresses();
  auto addresses = stream::resolve(peer().method);
  if (!addresses) return fail_attempt(addresses.error().details);
  addresses_ = std::move(*addresses);
  try_next_address();
}

// What happens again and again is told only until the pauses are long.
void Reconnector::say(std::string_view what) const {
  if (backoff_.is_at_most()) {
    log.debug("{}: {}", peer().target, what);
  } else {
    log.info("{}: {}", peer().target, what);
  }
}

// Name servers may take long: others are served meanwhile.
void Reconnector::ask_for_addresses() {
  resolver_.async_resolve(peer().method.host, std::to_string(peer().method.port), tcp::resolver::numeric_service,
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

void Reconnector::try_next_address() {
  if (addresses_.empty()) return fail_attempt(last_error_);
  const auto address = addresses_.front();
  addresses_.erase(addresses_.begin());
  try_address(address);
}

void Reconnector::try_address(const stream::SocketAddress& address) {
  auto begun = stream::begin_connect(peer().target, peer().method, address, tls_);
  if (!begun) {
    last_error_ = begun.error().details;
    return try_next_address();
  }
  if (const auto used = use_(*std::move(begun)); !used) fail_attempt(used.error().details);
}

void Reconnector::note_connected() {
  say("connected");
  state_ = "ACTIVE";
  last_error_.clear();
  addresses_.clear();
  connected_ = last_connected_ = steady_clock::now();
}

void Reconnector::note_end(const std::string& reason) {
  last_error_ = reason;
  if (!connected_) return try_next_address();
  say(reason == end_of_file ? "connection closed by peer" : fmt::format("connection dropped ({})", reason));
  last_disconnected_ = steady_clock::now();
  pause(std::chrono::duration_cast<milliseconds>(*last_disconnected_ - *connected_));
}

void Reconnector::fail_attempt(const std::string& reason) {
  last_error_ = reason;
  say(fmt::format("connection attempt failed ({})", reason));
  pause(milliseconds(0));
}

void Reconnector::pause(milliseconds connected) {
  const bool was_at_most = backoff_.is_at_most();
  const auto time = backoff_.next(connected);
  if (backoff_.is_at_most() && !was_at_most) {
    log.info("{}: continuing to reconnect in the background but suppressing further logging", peer().target);
  } else if (time > Backoff::least) {
    say(fmt::format("waiting {:.3g} seconds before reconnect", std::chrono::duration<double>(time).count()));
  }
  state_ = "BACKOFF";
  timer_.expires_after(time);
  timer_.async_wait(guarded([this](const error_code& error) {
    if (!error) start();
  }));
}

}  // namespace weft::ovsdb
