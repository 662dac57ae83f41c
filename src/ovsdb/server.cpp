#include "ovsdb/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "ovsdb/remote.hpp"
#include "ovsdb/sync_runner.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_jsonrpc_server");

namespace asio = boost::asio;

}  // namespace

// Handlers in the loop hold it weakly: those that outlive the server do nothing.
class Server::State : public std::enable_shared_from_this<Server::State> {
 public:
  State(asio::io_context& loop, ServerLimits limits) : host_(loop, limits), retry_timer_(loop) {
    host_.on_idle = [this] { arm_retry_timer(); };
    service().on_retry_due([this] { schedule_retry(); });
    service().run_syncs_by(
        [this](GroupCommit::Sync task, GroupCommit::Answer done) { run_sync(std::move(task), std::move(done)); });
  }

  Service& service() { return host_.service; }
  RemoteHost& host() { return host_; }
  const std::map<std::string, std::shared_ptr<Remote>>& remotes() const { return remotes_; }

  Result<> add_remote(const RemoteOptions& options) {
    if (const auto known = remotes_.find(options.target); known != remotes_.end()) {
      known->second->set_options(options);
      return {};
    }
    const auto method = TRY(stream::parse_method(options.target));
    remotes_[options.target] =
        method.is_passive ? TRY(ovsdb::listen(host_, method, options)) : ovsdb::connect(host_, method, options);
    return {};
  }

  void remove_remote(const std::string& target) {
    if (remotes_.erase(target) > 0) log.info("{}: remote deconfigured", target);
  }

  void stop() {
    remotes_.clear();
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

  // Blocked transactions are tried again from the loop: a commit must not run inside another.
  void schedule_retry() {
    if (retry_scheduled_) return;
    retry_scheduled_ = true;
    asio::post(host_.loop, guarded([this] { retry(); }));
  }

  void retry() {
    service().retry_blocked();
    retry_scheduled_ = false;
    arm_retry_timer();
  }

  void run_sync(GroupCommit::Sync task, GroupCommit::Answer done) {
    sync_runner_.run(std::move(task), guarded(std::move(done)));
  }

  void arm_retry_timer() {
    const auto timeout = service().next_timeout();
    if (!timeout || (armed_ && *armed_ == *timeout)) return;
    armed_ = timeout;
    retry_timer_.expires_at(*timeout);
    retry_timer_.async_wait(guarded([this](const boost::system::error_code& error) {
      if (error) return;
      armed_.reset();
      retry();
    }));
  }

  RemoteHost host_;
  std::map<std::string, std::shared_ptr<Remote>> remotes_;  // By target.
  asio::steady_timer retry_timer_;
  std::optional<std::chrono::steady_clock::time_point> armed_;  // When retry_timer_ fires.
  bool retry_scheduled_ = false;
  SyncRunner sync_runner_{host_.loop};
};

Server::Server(asio::io_context& loop, ServerLimits limits) : state_(std::make_shared<State>(loop, limits)) {}
Server::~Server() { stop(); }

void Server::add_database(Database& database) { state_->service().add_database(database); }
void Server::remove_database(const std::string& name) { state_->service().remove_database(name); }

bool Server::has_database(std::string_view name) const { return state_->service().find(name); }
Service& Server::service() { return state_->service(); }
Usage Server::usage() const { return usage_of(state_->service()); }

Result<> Server::add_remote(const RemoteOptions& options) { return state_->add_remote(options); }
void Server::remove_remote(const std::string& target) { state_->remove_remote(target); }
bool Server::has_remote(const std::string& target) const { return state_->remotes().contains(target); }
RemoteStatus Server::remote_status(const std::string& target) const { return state_->remotes().at(target)->status(); }
Result<> Server::listen_unix(const std::string& path) { return add_remote({.target = "punix:" + path}); }
void Server::configure_tls(const stream::TlsSettings& settings) { state_->host().tls.configure(settings); }
stream::Tls& Server::tls() { return state_->host().tls; }
std::size_t Server::client_count() const { return state_->host().client_count; }
void Server::stop() { state_->stop(); }

}  // namespace weft::ovsdb
