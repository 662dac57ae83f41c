#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/system_error.hpp"
#include "prober/socket_address.hpp"
#include "prober/tcp.hpp"
#include "prober/tcp_greeting.hpp"

namespace weft::prober {
namespace {

constexpr int backlog = 1024;  // Everybody may connect at once.

}  // namespace

Result<std::uint16_t> TcpListeners::Listener::open(Loop& loop, bool is_ipv6) {
  socket_.reset(::socket(is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_ && errno == EAFNOSUPPORT) return std::uint16_t{0};
  if (!socket_) return fail_with_errno("cannot open a TCP socket");
  const int only_ipv6 = 1;
  if (is_ipv6) ::setsockopt(socket_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only_ipv6, sizeof only_ipv6);
  SocketAddress address(is_ipv6 ? IpAddress() : IpAddress(std::array<std::uint8_t, 4>{}), 0);
  if (::bind(socket_.get(), address.get(), address.size()) != 0) return fail_with_errno("cannot bind a TCP socket");
  if (::listen(socket_.get(), backlog) != 0) return fail_with_errno("cannot listen for TCP connections");
  if (::getsockname(socket_.get(), address.room(), address.room_size()) != 0)
    return fail_with_errno("cannot learn a TCP port");
  TRY(loop.watch(socket_.get(), EPOLLIN, *this));
  return address.port();
}

void TcpListeners::Listener::ready(std::uint32_t) {
  for (;;) {
    const UniqueFd client(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client) return;
    // The socket's buffer holds it whole; closing it sends it and then the end.
    [[maybe_unused]] const auto sent = ::send(client.get(), greeting_.data(), greeting_.size(), MSG_NOSIGNAL);
  }
}

Result<> TcpListeners::open(Loop& loop, LocalEndpoints& here) {
  for (auto& endpoint : here) {
    if (!endpoint.is_usable()) continue;
    endpoint.enter();
    std::array<std::uint16_t, 2> ports{};
    for (const bool is_ipv6 : {false, true}) {
      const auto& expected = all_[endpoint.number()];
      if (!(is_ipv6 ? expected.address6 : expected.address4)) continue;
      auto& listener = listeners_.emplace_back(greeting_of(endpoint.number(), run_));
      ports[is_ipv6 ? 1 : 0] = TRY(listener.open(loop, is_ipv6));
    }
    endpoint.listens_at(ports[0], ports[1]);
  }
  return {};
}

}  // namespace weft::prober
