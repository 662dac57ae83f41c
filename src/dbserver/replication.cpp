#include "dbserver/replication.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ranges>

#include "base/check.hpp"
#include "base/log.hpp"
#include "ovsdb/replica.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("replication");

}  // namespace

Replication::Replication(boost::asio::io_context& loop, ovsdb::Server& server, Databases& databases,
                         std::function<void()> changed)
    : loop_(loop), server_(server), databases_(databases), changed_(std::move(changed)) {}

Replication::~Replication() = default;

Result<> Replication::start(ReplicationSettings settings) {
  settings_ = std::move(settings);
  return std::exchange(settings_.is_backup, false) ? connect() : Result<>();
}

void Replication::set_active_server(std::string target) {
  settings_.active_server = std::move(target);
  changed_();
}

Result<> Replication::set_probe_interval(std::chrono::milliseconds interval) {
  probe_interval_ = interval.count() == 0 ? interval : std::max(interval, least_probe_interval);
  return begin_anew();
}

Result<> Replication::set_excluded(TablesByDatabase tables) {
  settings_.excluded = std::move(tables);
  changed_();
  return begin_anew();
}

Result<> Replication::note_databases() { return databases_.names() == known_ ? Result<>() : begin_anew(); }

Result<> Replication::begin_anew() { return settings_.is_backup ? connect() : Result<>(); }

Result<> Replication::connect() {
  if (settings_.active_server.empty()) return fail("usage", "Unable to connect: active server is not specified.\n");
  auto upstream = TRY(ovsdb::Upstream::make(
      loop_, server_.tls(), {settings_.active_server}, probe_interval_,
      {.on_connected = [this] { greet(); },
       .on_disconnected = [this] { forget_progress(); },
       .on_notification = [this](const jsonrpc::Notification& notification) { take(notification); }}));
  ovsdb::Upstream::retire(std::exchange(upstream_, std::move(upstream)));
  forget_progress();
  known_ = databases_.names();
  if (!std::exchange(settings_.is_backup, true)) {
    server_.service().set_read_only(true);
    changed_();
  }
  upstream_->start();
  return {};
}

void Replication::disconnect() {
  ovsdb::Upstream::retire(std::exchange(upstream_, nullptr));
  forget_progress();
  if (!std::exchange(settings_.is_backup, false)) return;
  server_.service().set_read_only(false);
  changed_();
}

void Replication::forget_progress() {
  awaited_.clear();
  replicated_.clear();
}

void Replication::greet() {
  forget_progress();
  upstream_->ask("get_server_id", {}, [this](const jsonrpc::Reply& reply) { take_server_id(reply); });
}

void Replication::take_server_id(const jsonrpc::Reply& reply) {
  // A server that does not know this method is another one.
  if (const auto* id = reply.result.if_string(); id && *id == server_.service().server_id())
    return become_active({"usage", "Server ID check failed: Self replicating is not allowed"});
  upstream_->ask("list_dbs", {}, [this](const jsonrpc::Reply& names) { take_names(names); });
}

void Replication::take_names(const jsonrpc::Reply& reply) {
  const auto* theirs = reply.result.if_array();
  if (!theirs) return become_active(ovsdb::unexpected_answer("list_dbs", reply));
  for (const auto& name : known_)
    if (std::ranges::find(*theirs, json::value(name)) != theirs->end()) awaited_.insert(name);
  for (const auto& name : awaited_)
    upstream_->ask("get_schema", {json::value(name)},
                   [this, name](const jsonrpc::Reply& schema) { take_schema(name, schema); });
  check_progress();
}

void Replication::take_schema(const std::string& name, const jsonrpc::Reply& reply) {
  const auto theirs = ovsdb::DatabaseSchema::from_json(reply.result);
  if (!theirs) {
    log.warning("{}: the active server's schema is not understood: {}", name, theirs.error().details);
    return leave_out(name);
  }
  const auto& ours = database(name).schema();
  const bool is_same_version = ours.version == theirs->version;
  if (!is_same_version) log.info("Schema version mismatch, checking if {} can still be replicated or not.", name);
  if (const auto possible = ovsdb::can_hold(ours, *theirs, spared_in(name)); !possible) {
    log.info("{}", possible.error().details);
    log.info("{} cannot be replicated.", name);
    return leave_out(name);
  }
  if (!is_same_version) log.info("{} can be replicated.", name);
  upstream_->ask("monitor_cond",
                 {json::value(name), json::value(name), ovsdb::requests_for_all(*theirs, spared_in(name))},
                 [this, name](const jsonrpc::Reply& content) { take_content(name, content); });
}

void Replication::take_content(const std::string& name, const jsonrpc::Reply& reply) {
  if (!reply.error.is_null()) return become_active(ovsdb::unexpected_answer("monitor_cond", reply));
  log.info("Monitor request received. Resetting the database");
  if (const auto taken = ovsdb::replace_content(database(name), reply.result, spared_in(name)); !taken)
    return become_active(taken.error());
  awaited_.erase(name);
  replicated_.insert(name);
}

void Replication::take(const jsonrpc::Notification& notification) {
  const auto* id = notification.params.empty() ? nullptr : notification.params[0].if_string();
  if (!id) return;
  const std::string name(*id);
  if (!replicated_.contains(name)) return;
  if (notification.method == "monitor_canceled") return upstream_->reconnect("the active server has changed " + name);
  if (notification.method != "update2" || notification.params.size() != 2) return;
  if (const auto taken = ovsdb::apply_updates(database(name), notification.params[1]); !taken)
    become_active(taken.error());
}

void Replication::leave_out(const std::string& name) {
  awaited_.erase(name);
  check_progress();
}

void Replication::check_progress() {
  if (!awaited_.empty() || !replicated_.empty()) return;
  log.warning("Nothing to replicate.");
  disconnect();
}

// A copy that is no copy any more is worse than none: people look at sync-status.
void Replication::become_active(const Error& reason) {
  log.error("{}: replication ends: {}", upstream_->target(), reason.details);
  disconnect();
}

std::string Replication::status() const {
  if (!settings_.is_backup) return "state: active\n";
  if (replicated_.empty() || !awaited_.empty())
    return fmt::format("state: backup\nconnecting: {}\n", upstream_->target());
  auto text =
      fmt::format("state: backup\nreplicating: {}\ndatabase: {}\n", upstream_->target(), fmt::join(replicated_, ", "));
  if (!settings_.excluded.empty()) text += fmt::format("exclude: {}\n", list_of(settings_.excluded));
  return text;
}

ovsdb::Database& Replication::database(const std::string& name) {
  auto* served = server_.service().find(name);
  CHECK(served);  // note_databases() begins anew when one is gone.
  return *served->database;
}

const std::set<std::string>& Replication::spared_in(const std::string& database) const {
  static const std::set<std::string> none;
  const auto excluded = settings_.excluded.find(database);
  return excluded == settings_.excluded.end() ? none : excluded->second;
}

}  // namespace weft::dbserver
