// Addresses of TCP sockets, found by name and told to people.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "stream/method.hpp"

namespace weft::stream {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  std::uint16_t port() const;
};

// The host is an address, not a name: nobody has to be asked.
bool is_numeric_host(const std::string& host);
// Of a TCP or TLS method; passive without a host: any IPv4 address. Asks the system, which may ask name servers and
// take long. Errors: "connection failed", the system's reason only.
Result<std::vector<SocketAddress>> resolve(const Method& method);

// "127.0.0.1:6640", "[::1]:6640".
std::string to_text(const SocketAddress& address);

}  // namespace weft::stream
