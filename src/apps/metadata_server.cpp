#include "apps/metadata_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <map>

namespace weft {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// After an error, say of too many open files: it may last.
constexpr std::chrono::milliseconds pause_after_error(100);

// Which sessions there are.
class Sessions {
 public:
  explicit Sessions(MetadataServer::Callbacks callbacks) : callbacks_(std::move(callbacks)) {}

  bool may_have_one_more(const IpAddress& peer, const std::string& port) const {
    const auto has_room = [](const auto& counts, const auto& key, std::size_t most) {
      const auto count = counts.find(key);
      return count == counts.end() || count->second < most;
    };
    return count_ < most_metadata_connections && has_room(of_ports_, port, most_metadata_connections_per_port) &&
           has_room(of_peers_, peer, most_metadata_connections_per_peer);
  }
  void add(const IpAddress& peer, const std::string& port) {
    ++count_;
    ++of_peers_[peer];
    ++of_ports_[port];
  }
  void remove(const IpAddress& peer, const std::string& port) {
    --count_;
    if (--of_peers_[peer] == 0) of_peers_.erase(peer);
    if (--of_ports_[port] == 0) of_ports_.erase(port);
  }

  std::string port_of(const IpAddress& peer) const { return callbacks_.port_of(peer); }
  services::MetadataAnswer answer(const IpAddress& peer, std::string_view method, std::string_view target) const {
    return callbacks_.answer(peer, method, target);
  }
  // From now on nobody is asked what to say.
  void close() {
    callbacks_.answer = [](const auto&, auto, auto) { return services::MetadataAnswer{.status = 503}; };
  }

 private:
  MetadataServer::Callbacks callbacks_;
  std::map<IpAddress, std::size_t> of_peers_;
  std::map<std::string, std::size_t> of_ports_;
  std::size_t count_ = 0;
};

std::string_view view_of(beast::string_view text) { return {text.data(), text.size()}; }

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const IpAddress& peer, std::string port, std::shared_ptr<Sessions> sessions)
      : stream_(std::move(socket)), peer_(peer), port_(std::move(port)), sessions_(std::move(sessions)) {
    sessions_->add(peer_, port_);
  }
  ~Session() { sessions_->remove(peer_, port_); }

  void read() {
    parser_.emplace();
    parser_->header_limit(most_request_header_bytes);
    parser_->body_limit(most_request_body_bytes);
    stream_.expires_after(std::chrono::seconds(metadata_timeout_s));
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) { self->take(error); });
  }

 private:
  void take(error_code error) {
    if (error == http::error::header_limit || error == http::error::body_limit) {
      return respond({.status = 413, .body = "413 - this request is too large\n"}, false);
    }
    if (error) return;
    const auto& request = parser_->get();
    respond(sessions_->answer(peer_, view_of(request.method_string()), view_of(request.target())),
            request.keep_alive());
  }

  void respond(services::MetadataAnswer answer, bool keep_alive) {
    const auto& request = parser_->get();
    response_ = {};
    response_.version(request.version() == 10 ? 10 : 11);
    response_.result(static_cast<unsigned>(answer.status));
    response_.set(http::field::server, "weft");
    response_.set(http::field::content_type, answer.content_type);
    if (view_of(request.target()) == services::token_path) {
      response_.set(beast::string_view(services::token_lifetime_header.data(), services::token_lifetime_header.size()),
                    "21600");
    }
    response_.keep_alive(keep_alive);
    response_.body() = std::move(answer.body);
    response_.prepare_payload();
    if (request.method() == http::verb::head) response_.body().clear();
    http::async_write(stream_, response_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return;
      if (self->response_.keep_alive()) return self->read();
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    });
  }

  beast::tcp_stream stream_;
  IpAddress peer_;
  std::string port_;
  std::shared_ptr<Sessions> sessions_;
  beast::flat_buffer buffer_{most_request_header_bytes + most_request_body_bytes};
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

class MetadataServer::Parts : public std::enable_shared_from_this<MetadataServer::Parts> {
 public:
  Parts(asio::io_context& loop, UniqueFd listener, Callbacks callbacks)
      : acceptor_(loop, tcp::v4(), listener.release()),
        pause_(loop),
        sessions_(std::make_shared<Sessions>(std::move(callbacks))) {}

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) return self->accept_later();
      self->admit(std::move(socket));
      self->accept();
    });
  }
  void stop() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    sessions_->close();
  }

 private:
  void accept_later() {
    pause_.expires_after(pause_after_error);
    pause_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->accept();
    });
  }

  void admit(tcp::socket socket) {
    error_code error;
    const auto endpoint = socket.remote_endpoint(error);
    if (error || !endpoint.address().is_v4()) return;
    const IpAddress peer(endpoint.address().to_v4().to_bytes());
    auto port = sessions_->port_of(peer);
    if (port.empty() || !sessions_->may_have_one_more(peer, port)) return;
    std::make_shared<Session>(std::move(socket), peer, std::move(port), sessions_)->read();
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::shared_ptr<Sessions> sessions_;
};

MetadataServer::MetadataServer(asio::io_context& loop, UniqueFd listener, Callbacks callbacks)
    : parts_(std::make_shared<Parts>(loop, std::move(listener), std::move(callbacks))) {
  parts_->accept();
}

MetadataServer::~MetadataServer() { parts_->stop(); }

}  // namespace weft
