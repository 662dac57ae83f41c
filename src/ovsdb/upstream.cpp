#include "ovsdb/upstream.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

namespace weft::ovsdb {

Error unexpected_answer(std::string_view method, const json::value& answer) {
  return {"protocol error", fmt::format("{} was answered with {}", method, excerpt(answer))};
}

Error unexpected_answer(std::string_view method, const jsonrpc::Reply& reply) {
  return unexpected_answer(method, reply.error.is_null() ? reply.result : reply.error);
}

Result<std::vector<stream::Method>> Upstream::check(const std::vector<std::string>& targets) {
  std::vector<stream::Method> methods;
  for (const auto& target : targets) {
    methods.push_back(TRY(stream::parse_method(target)));
    if (methods.back().is_passive) return fail("invalid address", target + ": nobody can be connected to there");
  }
  return methods;
}

Result<std::unique_ptr<Upstream>> Upstream::make(boost::asio::io_context& loop, stream::Tls& tls,
                                                 const std::vector<std::string>& targets,
                                                 std::chrono::milliseconds probe_interval, Events events) {
  const auto methods = TRY(check(targets));
  std::vector<Reconnector::Peer> peers;
  for (std::size_t i = 0; i < targets.size(); ++i) peers.push_back({targets[i], methods[i]});
  std::unique_ptr<Upstream> upstream(new Upstream(loop, probe_interval, std::move(events)));
  upstream->reconnector_ = std::make_shared<Reconnector>(loop, tls, std::move(peers), default_max_backoff,
                                                         [self = upstream.get()](stream::Stream stream) -> Result<> {
                                                           self->use(std::move(stream));
                                                           return {};
                                                         });
  return upstream;
}

Upstream::~Upstream() {
  if (connection_) connection_->close();
}

void Upstream::retire(std::unique_ptr<Upstream> upstream) {
  if (!upstream) return;
  upstream->is_retired_ = true;
  auto& loop = upstream->loop_;
  boost::asio::post(loop, [last = std::shared_ptr<Upstream>(std::move(upstream))] {});
}

void Upstream::use(stream::Stream stream) {
  jsonrpc::ConnectionLimits limits;
  limits.request_bytes = max_upstream_message_bytes;
  limits.probe_interval = probe_interval_;
  connection_ = std::make_shared<jsonrpc::Connection>(
      loop_, std::move(stream), limits,
      jsonrpc::Connection::Events{.on_open =
                                      [this] {
                                        reconnector_->note_connected();
                                        is_connected_ = true;
                                        if (!is_retired_) events_.on_connected();
                                      },
                                  .on_message = [this](json::value message) { return receive(std::move(message)); },
                                  .on_end =
                                      [this](const std::string& reason) {
                                        connection_.reset();
                                        asked_.clear();
                                        reconnector_->note_end(reason);
                                        if (std::exchange(is_connected_, false) && !is_retired_)
                                          events_.on_disconnected();
                                      }});
  connection_->start();
}

void Upstream::ask(std::string_view method, json::array params, Answer answer) {
  asked_.emplace(++last_id_, std::move(answer));
  connection_->send(to_text(jsonrpc::make_request(method, std::move(params), last_id_)));
}

void Upstream::reconnect(std::string_view why) {
  if (connection_) connection_->disconnect(why);
}

Result<> Upstream::receive(json::value message) {
  if (is_retired_) return {};
  auto parsed = TRY(jsonrpc::parse_message(std::move(message)));
  if (auto* request = std::get_if<jsonrpc::Request>(&parsed)) {
    const bool is_probe = request->method == "echo";
    connection_->send(to_text(is_probe ? jsonrpc::make_reply(std::move(request->params), std::move(request->id))
                                       : jsonrpc::make_error_reply("unknown method", std::move(request->id))));
  } else if (const auto* notification = std::get_if<jsonrpc::Notification>(&parsed)) {
    events_.on_notification(*notification);
  } else if (auto& reply = std::get<jsonrpc::Reply>(parsed); const auto* id = reply.id.if_int64()) {
    if (auto asked = asked_.extract(*id); !asked.empty()) asked.mapped()(std::move(reply));
  }
  return {};
}

}  // namespace weft::ovsdb
