// An active remote: connects to one peer, which then is a client like any other.
#include "ovsdb/reconnector.hpp"
#include "ovsdb/remote_client.hpp"

namespace weft::ovsdb {
namespace {

class RemoteConnector : public Remote {
 public:
  RemoteConnector(RemoteHost& host, const stream::Method& method, RemoteOptions options)
      : host_(host), method_(method), options_(std::move(options)) {}

  void start() {
    const auto use = guarded_use();
    reconnector_ = std::make_shared<Reconnector>(
        host_.loop, host_.tls, std::vector{Reconnector::Peer{options_.target, method_}}, options_.max_backoff, use);
    reconnector_->start();
  }

  void set_options(const RemoteOptions& options) override {
    const bool is_client_the_same = options.read_only == options_.read_only && options.role == options_.role &&
                                    options.inactivity_probe == options_.inactivity_probe;
    options_ = options;
    reconnector_->set_max_backoff(options.max_backoff);
    if (!is_client_the_same && client_) client_->disconnect("its remote was configured anew");
  }

  RemoteStatus status() const override {
    RemoteStatus status;
    status.state = reconnector_->state();
    status.last_error = reconnector_->last_error();
    const auto now = std::chrono::steady_clock::now();
    const auto elapsed = [&](const auto& since) { return std::chrono::floor<std::chrono::seconds>(now - since); };
    if (const auto since = reconnector_->last_connected()) status.since_connect = elapsed(*since);
    if (const auto since = reconnector_->last_disconnected()) status.since_disconnect = elapsed(*since);
    if (client_) client_->describe(status);
    status.connections = status.is_connected ? 1 : 0;
    return status;
  }

  std::size_t client_count() const override { return client_ ? 1 : 0; }

 private:
  // The reconnector is ours: its calls come while we are there.
  Reconnector::Use guarded_use() {
    return [this](stream::Stream stream) { return use(std::move(stream)); };
  }

  Result<> use(stream::Stream stream) {
    if (host_.client_count >= host_.limits.clients)
      return fail("resources exhausted", "there are too many clients already");
    client_ = std::make_unique<RemoteClient>(host_, std::move(stream), options_, method_.needs_probes(),
                                             RemoteClient::Events{.on_open = [this] { reconnector_->note_connected(); },
                                                                  .on_end = guarded([this](const std::string& reason) {
                                                                    client_.reset();
                                                                    reconnector_->note_end(reason);
                                                                  })});
    return {};
  }

  RemoteHost& host_;
  const stream::Method method_;
  RemoteOptions options_;
  std::unique_ptr<RemoteClient> client_;
  std::shared_ptr<Reconnector> reconnector_;
};

}  // namespace

std::shared_ptr<Remote> connect(RemoteHost& host, const stream::Method& method, const RemoteOptions& options) {
  auto connector = std::make_shared<RemoteConnector>(host, method, options);
  connector->start();
  return connector;
}

}  // namespace weft::ovsdb
