#include "unixctl/server.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <list>

#include "base/coverage.hpp"
#include "base/log.hpp"
#include "base/log_limit.hpp"
#include "jsonrpc/connection.hpp"
#include "jsonrpc/message.hpp"
#include "stream/unix_listener.hpp"

namespace weft::unixctl {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

const LogModule log("unixctl");
EventCounter received("unixctl_received");
EventCounter replied("unixctl_replied");

// After accept() has failed, for want of descriptors or memory, before it is tried again.
constexpr std::chrono::seconds accept_pause{1};
constexpr jsonrpc::ConnectionLimits limits{.request_bytes = max_request_bytes, .backlog_bytes = 1 << 20};

struct Listener {
  Listener(asio::io_context& loop, stream::UnixListener opened)
      : socket(std::move(opened)), descriptor(loop, ::fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0)), pause(loop) {}
  stream::UnixListener socket;
  asio::posix::stream_descriptor descriptor;
  asio::steady_timer pause;
};

Result<std::vector<std::string>> words_of(const jsonrpc::Request& request) {
  std::vector<std::string> words;
  for (const auto& param : request.params) {
    const auto* word = param.if_string();
    if (!word) return fail("usage", fmt::format("\"{}\" command has non-string argument", request.method));
    words.emplace_back(*word);
  }
  return words;
}

// Text ends with its line.
std::string as_lines(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

}  // namespace

class Server::State : public std::enable_shared_from_this<Server::State> {
 public:
  State(asio::io_context& loop, const CommandTable& table) : loop_(loop), table_(table) {}

  Result<> listen(const std::string& path) {
    const auto failed = [&](std::string_view why) {
      return fail("control socket", fmt::format("{}: could not initialize control socket ({})", path, why));
    };
    // A directory of that name is more likely a mistake than wanted.
    if (!std::filesystem::exists(std::filesystem::path(path).parent_path())) return failed(std::strerror(ENOENT));
    auto opened = stream::UnixListener::open(path);
    if (!opened) return failed(opened.error().details);
    wait_for_client(listeners_.emplace_back(loop_, *std::move(opened)));
    return {};
  }

  void stop() {
    for (auto& client : clients_) client->close();
    clients_.clear();
    listeners_.clear();
  }

 private:
  auto when_ready(Listener& listener) {
    return [this, weak = weak_from_this(), &listener](error_code error) {
      const auto self = weak.lock();
      if (!error && self) accept_clients(listener);  // Cancelled when the listener goes.
    };
  }

  void wait_for_client(Listener& listener) {
    listener.descriptor.async_wait(asio::posix::stream_descriptor::wait_read, when_ready(listener));
  }

  void accept_clients(Listener& listener) {
    while (true) {
      UniqueFd client(::accept4(listener.socket.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (client) {
        add_client(std::move(client));
        continue;
      }
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN) return wait_for_client(listener);
      log.limited(complaints_, LogLevel::warning, "{}: accept failed: {}", listener.socket.path(),
                  std::strerror(errno));
      listener.pause.expires_after(accept_pause);
      return listener.pause.async_wait(when_ready(listener));
    }
  }

  void add_client(UniqueFd fd) {
    if (clients_.size() >= max_clients) {
      log.limited(complaints_, LogLevel::warning, "a client was turned away: there are {} already", clients_.size());
      return;
    }
    const auto place = clients_.insert(clients_.end(), nullptr);
    *place = std::make_shared<jsonrpc::Connection>(
        loop_, stream::Stream(std::move(fd), "control client"), limits,
        jsonrpc::Connection::Events{
            .on_message = [this, place](json::value message) { return answer(**place, std::move(message)); },
            .on_end =
                [this, weak = weak_from_this(), place](const std::string&) {
                  if (const auto self = weak.lock()) clients_.erase(place);
                }});
    (*place)->start();
  }

  Result<> answer(jsonrpc::Connection& client, json::value message) {
    const auto parsed = TRY(jsonrpc::parse_message(std::move(message)));
    const auto* request = std::get_if<jsonrpc::Request>(&parsed);
    if (!request) return fail("protocol error", "what it sent is no request");
    received.count();
    log.debug("received request {}{}, id={}", request->method, json::serialize(request->params),
              json::serialize(request->id));
    const auto words = words_of(*request);
    const auto result =
        words ? table_.run(request->method, *words) : Result<std::string>(std::unexpected(words.error()));
    const auto text = as_lines(result ? *result : result.error().details);
    log.debug("replying with {}, id={}: \"{}\"", result ? "success" : "error", json::serialize(request->id), text);
    const json::value value(text);
    client.send(json::serialize(result ? jsonrpc::make_reply(value, request->id)
                                       : jsonrpc::make_error_reply(value, request->id)));
    replied.count();
    return {};
  }

  asio::io_context& loop_;
  const CommandTable& table_;
  std::list<Listener> listeners_;
  std::list<std::shared_ptr<jsonrpc::Connection>> clients_;
  LogLimit complaints_{5, 5};
};

Server::Server(asio::io_context& loop, const CommandTable& table) : state_(std::make_shared<State>(loop, table)) {}
Server::~Server() { state_->stop(); }

Result<> Server::listen(const std::string& path) { return state_->listen(path); }

}  // namespace weft::unixctl
