// Connection methods: how OVSDB's programs name whom to connect to, or where to listen (ovsdb(7) "Connection Methods").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft::stream {

inline constexpr std::uint16_t default_tcp_port = 6640;  // OVSDB's, RFC 7047 section 7.

struct Method {
  enum class Transport { unix_socket, tcp, tls };

  Transport transport = Transport::unix_socket;
  bool is_passive = false;  // Listens, and waits for others to connect.
  std::string path;         // Of a unix socket, absolute or in the run directory.
  std::string host;         // A name or an address without brackets; passive: empty for all IPv4 addresses.
  std::uint16_t port = 0;   // Passive: 0 for any that is free.

  // Behind TCP and TLS the peer may vanish without a word: OVSDB probes there and not on unix sockets.
  bool needs_probes() const { return transport != Transport::unix_socket; }
  bool operator==(const Method&) const = default;
};

// Active: "tcp:HOST[:PORT]", "ssl:HOST[:PORT]", "unix:FILE". Passive: "ptcp:[PORT][:HOST]", "pssl:[PORT][:HOST]",
// "punix:FILE". IPv6 addresses in brackets. Errors: "invalid address", with what was expected.
Result<Method> parse_method(std::string_view text);

}  // namespace weft::stream
