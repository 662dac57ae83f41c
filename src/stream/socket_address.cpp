#include "stream/socket_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cstring>
#include <memory>

namespace weft::stream {
namespace {

constexpr char any_address[] = "0.0.0.0";

using Found = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

// The error as getaddrinfo(3) gives it; 0: `found` has the addresses.
int look_up(const std::string& host, std::uint16_t port, int flags, Found& found) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (error == 0) found.reset(list);
  return error;
}

}  // namespace

std::uint16_t SocketAddress::port() const {
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

bool is_numeric_host(const std::string& host) {
  Found found(nullptr, &::freeaddrinfo);
  return look_up(host, 0, AI_NUMERICHOST, found) == 0;
}

Result<std::vector<SocketAddress>> resolve(const Method& method) {
  Found found(nullptr, &::freeaddrinfo);
  const auto host = method.host.empty() ? std::string(any_address) : method.host;
  if (const int error = look_up(host, method.port, method.is_passive ? AI_PASSIVE : 0, found); error != 0)
    return fail("connection failed", fmt::format("{}: {}", host, ::gai_strerror(error)));
  std::vector<SocketAddress> addresses;
  for (const auto* entry = found.get(); entry; entry = entry->ai_next) {
    auto& address = addresses.emplace_back();
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
  }
  return addresses;
}

std::string to_text(const SocketAddress& address) {
  char host[NI_MAXHOST];
  if (::getnameinfo(address.get(), address.size, host, sizeof host, nullptr, 0, NI_NUMERICHOST) != 0) return "unknown";
  if (address.storage.ss_family == AF_INET6) return fmt::format("[{}]:{}", host, address.port());
  return fmt::format("{}:{}", host, address.port());
}

}  // namespace weft::stream
