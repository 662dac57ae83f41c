#include "dbserver/relay.hpp"

#include <ranges>

#include "base/log.hpp"
#include "ovsdb/replica.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("relay");

ovsdb::DatabaseSchema unknown_schema(const std::string& name) {
  ovsdb::DatabaseSchema schema;
  schema.name = name;
  return schema;
}

}  // namespace

Result<RelayPlace> RelayPlace::parse(const std::string& text) {
  const auto place = std::string_view(text).substr(relay_prefix.size());
  const auto colon = place.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == place.size())
    return fail("ovsdb error", text + ": invalid syntax");
  RelayPlace parsed{std::string(place.substr(0, colon)), {}};
  for (const auto source : std::views::split(place.substr(colon + 1), ','))
    if (!source.empty()) parsed.sources.emplace_back(source.begin(), source.end());
  if (parsed.sources.empty()) return fail("ovsdb error", text + ": invalid syntax");
  return parsed;
}

// Commits have the ids that they have at the source: a client may come from another relay and ask what it has missed.
class Relay::FollowedIds : public ovsdb::Storage {
 public:
  void set_next(const Uuid& id) { next_ = id; }
  Result<Uuid> append(const ovsdb::DatabaseSchema&, const ovsdb::ChangeSet&, const std::string&, bool) override {
    return next_;
  }
  std::function<Result<>()> sync_task() override {
    return [] { return Result<>(); };
  }
  void distrust_disk() override {}
  Result<> rewrite(const ovsdb::Database&, const std::string&, const Uuid&) override { return {}; }

 private:
  Uuid next_;
};

Relay::Relay(boost::asio::io_context& loop, ovsdb::Server& server, std::string name)
    : server_(server),
      name_(std::move(name)),
      ids_(new FollowedIds),
      database_(unknown_schema(name_), std::unique_ptr<ovsdb::Storage>(ids_)),
      loss_timer_(loop) {
  server_.service().add_relay(database_, *this);
}

Relay::~Relay() {
  server_.remove_database(name_);
  cancel_forwarded();
}

Result<std::unique_ptr<Relay>> Relay::start(boost::asio::io_context& loop, ovsdb::Server& server,
                                            const RelayPlace& place) {
  const auto methods = TRY(ovsdb::Upstream::check(place.sources));
  const bool needs_probes = std::ranges::any_of(methods, &stream::Method::needs_probes);
  std::unique_ptr<Relay> relay(new Relay(loop, server, place.database));
  relay->upstream_ = TRY(ovsdb::Upstream::make(
      loop, server.tls(), place.sources, needs_probes ? ovsdb::default_probe_interval : std::chrono::milliseconds(0),
      {.on_connected = [self = relay.get()] { self->ask_for_schema(); },
       .on_disconnected = [self = relay.get()] { self->note_loss(); },
       .on_notification =
           [self = relay.get()](const jsonrpc::Notification& notification) {
             if (const auto taken = self->take(notification); !taken) self->begin_anew_after(taken.error());
           }}));
  relay->upstream_->start();
  return relay;
}

bool Relay::forward(const json::array& params, std::function<void(jsonrpc::Reply reply)> done) {
  if (!is_current_) return false;
  const auto key = ++last_key_;
  forwarded_.emplace(key, std::move(done));
  upstream_->ask("transact", params, [this, key](jsonrpc::Reply reply) {
    if (auto asked = forwarded_.extract(key); !asked.empty()) asked.mapped()(std::move(reply));
  });
  return true;
}

void Relay::ask_for_schema() {
  upstream_->ask("get_schema", {json::value(name_)}, [this](const jsonrpc::Reply& reply) { take_schema(reply); });
}

void Relay::take_schema(const jsonrpc::Reply& reply) {
  const auto schema = ovsdb::DatabaseSchema::from_json(reply.result);
  if (!schema)
    return begin_anew_after(reply.error.is_null() ? schema.error() : ovsdb::unexpected_answer("get_schema", reply));
  if (schema->name != name_) return begin_anew_after(ovsdb::unexpected_answer("get_schema", reply));
  if (auto text = to_text(schema->to_json()); text != schema_) {
    ids_->set_next(Uuid());
    server_.service().adopt_schema(name_, *schema);
    schema_ = std::move(text);
  }
  monitor();
}

void Relay::monitor() {
  upstream_->ask("monitor_cond_since",
                 {json::value(name_), json::value(name_), ovsdb::requests_for_all(database_.schema(), {}),
                  json::value(database_.last_transaction_id().to_string())},
                 [this](const jsonrpc::Reply& reply) {
                   if (const auto taken = take_content(reply); !taken) begin_anew_after(taken.error());
                 });
}

// ovsdb-server(7) section 4.1.15: whether the id was known there, the last one, and what has changed since, or all.
Result<> Relay::take_content(const jsonrpc::Reply& reply) {
  const auto* content = reply.result.if_array();
  const bool is_answer = content && content->size() == 3 && (*content)[0].is_bool() && (*content)[1].is_string();
  if (!is_answer) return std::unexpected(ovsdb::unexpected_answer("monitor_cond_since", reply));
  const auto id = Uuid::parse((*content)[1].get_string());
  if (!id) return std::unexpected(ovsdb::unexpected_answer("monitor_cond_since", reply));
  ids_->set_next(*id);
  TRY((*content)[0].get_bool() ? ovsdb::apply_updates(database_, (*content)[2])
                               : ovsdb::replace_content(database_, (*content)[2], {}));
  is_current_ = true;
  loss_timer_.cancel();
  server_.service().set_connected(name_, true);
  server_.service().retry_soon();
  return {};
}

Result<> Relay::take(const jsonrpc::Notification& notification) {
  const auto& params = notification.params;
  if (notification.method == "monitor_canceled") return fail("not found", "the source has changed the database");
  if (notification.method != "update3" || !is_current_) return {};
  const auto* id_text = params.size() == 3 ? params[1].if_string() : nullptr;
  const auto id = id_text ? Uuid::parse(*id_text) : std::nullopt;
  if (!id) return std::unexpected(ovsdb::unexpected_answer("monitor_cond_since", json::value(params)));
  ids_->set_next(*id);
  return ovsdb::apply_updates(database_, params[2]);
}

void Relay::begin_anew_after(const Error& error) {
  log.warning("{}: {} is not relayed: {}", upstream_->target(), name_, error.details);
  is_current_ = false;
  upstream_->reconnect("the relay begins anew");
}

void Relay::note_loss() {
  is_current_ = false;
  cancel_forwarded();
  loss_timer_.expires_after(reconnection_time);
  loss_timer_.async_wait([this, alive = std::weak_ptr(is_alive_)](const boost::system::error_code& error) {
    if (!error && !alive.expired() && !is_current_) server_.service().set_connected(name_, false);
  });
}

// Nobody knows whether they were carried out.
void Relay::cancel_forwarded() {
  for (auto& [key, done] : std::exchange(forwarded_, {}))
    done({.result = {}, .error = json::value("canceled"), .id = {}});
}

}  // namespace weft::dbserver
