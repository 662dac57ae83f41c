#include "stream/listener.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/log.hpp"
#include "stream/socket_address.hpp"

namespace weft::stream {
namespace {

const LogModule log("socket_util");

constexpr int connection_queue_length = 512;  // So many may come at once.

std::unexpected<Error> failed(const std::string& name, std::string_view what) {
  const int error = errno;
  return fail(error == EADDRINUSE ? "address in use" : "I/O error",
              fmt::format("{}: {}: {}", name, what, std::strerror(error)));
}

// What is behind the method's name: Open vSwitch's tests and people's scripts find the port that was chosen by it.
std::string_view without_kind(std::string_view name) { return name.substr(name.find(':') + 1); }

}  // namespace

Result<Listener> Listener::open(const std::string& name, const Method& method, Tls& tls) {
  if (!method.is_passive) return fail("invalid address", fmt::format("{}: it does not listen", name));
  if (method.transport != Method::Transport::unix_socket) return open_tcp(name, method, tls);
  return Listener(name, method.transport, TRY(UnixListener::open(method.path)), tls);
}

Result<Listener> Listener::open_tcp(const std::string& name, const Method& method, Tls& tls) {
  const auto addresses = resolve(method);
  if (!addresses) return fail("invalid address", fmt::format("{}: {}", name, addresses.error().details));
  const auto& address = addresses->front();
  UniqueFd fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return failed(name, "cannot make a socket");
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), address.get(), address.size) < 0) return failed(name, "cannot bind");
  if (::listen(fd.get(), connection_queue_length) < 0) return failed(name, "cannot listen");
  SocketAddress bound;
  if (::getsockname(fd.get(), bound.get(), &bound.size) < 0) return failed(name, "cannot tell its port");
  Listener listener(name, method.transport, TcpSocket{std::move(fd)}, tls);
  listener.bound_port_ = bound.port();
  if (method.port == 0) log.info("{}: listening on port {}", without_kind(name), listener.bound_port_);
  return listener;
}

int Listener::fd() const {
  if (const auto* path = std::get_if<UnixListener>(&socket_)) return path->fd();
  return std::get<TcpSocket>(socket_).fd.get();
}

Listener::Accepted Listener::accept() {
  SocketAddress peer;
  UniqueFd client;
  do {
    client.reset(::accept4(fd(), peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  } while (!client && (errno == EINTR || errno == ECONNABORTED));
  if (!client) return errno == EAGAIN ? Accepted(Nobody{}) : Accepted(Failure{errno});
  if (transport_ == Method::Transport::unix_socket) {
    static std::uint64_t count = 0;  // Peers at unix sockets have no names of their own.
    return Stream(std::move(client), fmt::format("unix#{}", count++));
  }
  const int on = 1;  // An answer is one small write that is wanted now.
  ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (transport_ == Method::Transport::tcp) return Stream(std::move(client), "tcp:" + to_text(peer));
  auto stream = Stream::with_tls(std::move(client), "ssl:" + to_text(peer), *tls_, TlsSide::server);
  if (!stream) return Refused{std::move(stream).error()};
  return *std::move(stream);
}

}  // namespace weft::stream
