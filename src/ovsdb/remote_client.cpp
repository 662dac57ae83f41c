#include "ovsdb/remote_client.hpp"

namespace weft::ovsdb {
namespace {

using std::chrono::steady_clock;

jsonrpc::ConnectionLimits limits_for(const RemoteHost& host, const RemoteOptions& options, bool needs_probes) {
  auto limits = host.limits.connection;
  limits.probe_interval =
      options.inactivity_probe.value_or(needs_probes ? default_probe_interval : std::chrono::milliseconds(0));
  return limits;
}

}  // namespace

RemoteClient::RemoteClient(RemoteHost& host, stream::Stream stream, const RemoteOptions& options, bool needs_probes,
                           Events events)
    : host_(host),
      on_open_(std::move(events.on_open)),
      connection_(std::make_shared<jsonrpc::Connection>(
          host.loop, std::move(stream), limits_for(host, options, needs_probes),
          jsonrpc::Connection::Events{.on_open = [this, options] { open(options); },
                                      .on_message =
                                          [this](json::value message) {
                                            has_spoken_ = true;
                                            return session_->receive(std::move(message));
                                          },
                                      .on_idle = host.on_idle,
                                      .on_caught_up = [this] { session_->catch_up(); },
                                      .on_end = std::move(events.on_end)},
          &host.budget)) {
  ++host_.client_count;
  connection_->start();
}

RemoteClient::~RemoteClient() {
  connection_->close();
  --host_.client_count;
}

void RemoteClient::open(const RemoteOptions& options) {
  session_.emplace(
      host_.service, [this](std::string_view message) { connection_->send(message); },
      [this](std::string_view why) { connection_->disconnect(why); }, [this] { return connection_->is_behind(); },
      Access{options.read_only, options.role, connection_->peer_common_name()});
  since_ = steady_clock::now();
  on_open_();
}

void RemoteClient::describe(RemoteStatus& status) const {
  if (!session_) return;
  status.is_connected = true;
  status.state = "ACTIVE";
  status.since_connect = std::chrono::floor<std::chrono::seconds>(steady_clock::now() - since_);
  const auto locks = session_->locks();
  status.locks_held = locks.held;
  status.locks_waiting = locks.waiting;
  status.locks_lost = locks.lost;
}

}  // namespace weft::ovsdb
