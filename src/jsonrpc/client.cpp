#include "jsonrpc/client.hpp"

#include <poll.h>

#include <deque>

#include "jsonrpc/framing.hpp"
#include "jsonrpc/message.hpp"
#include "jsonrpc/message_log.hpp"

namespace weft::jsonrpc {
namespace {

constexpr std::size_t read_chunk_bytes = 64 << 10;

// The error member of a reply: a bare string, or RFC 7047's <error>.
Error error_of(const json::value& value) {
  if (const auto* text = value.if_string()) return {std::string(*text), ""};
  const auto* object = value.if_object();
  const auto* tag = object ? object->if_contains("error") : nullptr;
  if (!tag || !tag->is_string()) return {"protocol error", "the server's error is " + excerpt(value)};
  const auto* details = object->if_contains("details");
  return {std::string(tag->get_string()), details && details->is_string() ? std::string(details->get_string()) : ""};
}

}  // namespace

struct Client::State {
  State(std::string name, stream::Stream opened) : remote(std::move(name)), stream(std::move(opened)) {}

  std::string remote;
  stream::Stream stream;
  MessageReader reader{max_reply_bytes};
  std::deque<json::object> notifications;
  std::uint64_t last_id = 0;
  std::vector<char> buffer = std::vector<char>(read_chunk_bytes);

  std::unexpected<Error> lost(std::string_view why) {
    return fail("connection lost", fmt::format("{}: {}", remote, why));
  }

  std::unexpected<Error> lost(const stream::Step& step) {
    return lost(step.kind == stream::Step::Kind::ended ? "the server closed the connection" : describe_end(step));
  }

  // Takes what has arrived; a step that must wait: nothing has.
  Result<stream::Step> receive() {
    const auto step = stream.read(buffer);
    if (step.must_wait()) return step;
    if (!step.is_done()) return lost(step);
    if (auto fed = reader.feed({buffer.data(), step.bytes}); !fed)
      return fail("protocol error", fmt::format("{}: {}", remote, fed.error().details));
    return step;
  }

  // Reads meanwhile: a server may wait for us to read before it reads on.
  Result<> send(const json::object& message, Deadline deadline) {
    const auto text = to_text(message);
    if (are_messages_logged()) log_sent(remote, text);
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto step = stream.write(rest);
      rest.remove_prefix(step.bytes);
      if (step.is_done()) continue;
      if (!step.must_wait()) return lost(step);
      if (!stream::wait_until_ready(stream.fd(), POLLOUT | POLLIN, deadline)) return timed_out();
      TRY(receive());
    }
    return {};
  }

  std::unexpected<Error> timed_out() {
    return fail("timed out", fmt::format("{}: no answer within the time allowed", remote));
  }

  Result<Message> next_message(Deadline deadline) {
    while (true) {
      if (auto message = reader.next()) {
        if (are_messages_logged()) log_received(remote, *message);
        return parse_message(std::move(*message));
      }
      const auto step = TRY(receive());
      if (step.must_wait() && !wait_for(stream, step, deadline)) return timed_out();
    }
  }

  // What came while something else was awaited: a notification is kept, a request answered.
  Result<> handle(Message message, Deadline deadline) {
    if (auto* notification = std::get_if<Notification>(&message)) {
      if (notifications.size() == max_queued_notifications)
        return fail("protocol error", fmt::format("{}: more than {} notifications while a reply was awaited", remote,
                                                  max_queued_notifications));
      notifications.push_back(make_notification(notification->method, std::move(notification->params)));
    } else if (auto* request = std::get_if<Request>(&message)) {
      return send(request->method == "echo" ? make_reply(std::move(request->params), std::move(request->id))
                                            : make_error_reply("unknown method", std::move(request->id)),
                  deadline);
    }
    return {};
  }
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Client> Client::connect(const std::string& remote, Deadline deadline, const stream::TlsSettings& tls_settings) {
  auto stream = TRY(stream::connect_stream(remote, deadline, tls_settings));
  return Client(std::make_unique<State>(remote, std::move(stream)));
}

int Client::fd() const { return state_->stream.fd(); }

Result<Reply> Client::exchange(std::string_view method, json::array params, Deadline deadline) {
  const auto id = ++state_->last_id;
  TRY(state_->send(make_request(method, std::move(params), id), deadline));
  while (true) {
    auto message = TRY(state_->next_message(deadline));
    if (auto* reply = std::get_if<Reply>(&message)) {
      if (reply->id != json::value(id)) continue;  // The late answer to a call that timed out.
      return std::move(*reply);
    }
    TRY(state_->handle(std::move(message), deadline));
  }
}

Result<json::value> Client::call(std::string_view method, json::array params, Deadline deadline) {
  auto reply = TRY(exchange(method, std::move(params), deadline));
  if (!reply.error.is_null()) return std::unexpected(error_of(reply.error));
  return std::move(reply.result);
}

Result<json::object> Client::next_notification(Deadline deadline) {
  while (state_->notifications.empty()) {
    auto message = TRY(state_->next_message(deadline));
    TRY(state_->handle(std::move(message), deadline));
  }
  auto notification = std::move(state_->notifications.front());
  state_->notifications.pop_front();
  return notification;
}

}  // namespace weft::jsonrpc
