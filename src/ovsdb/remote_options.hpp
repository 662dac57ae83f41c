// What is configured of a remote, and what can be told of it, as in a Manager row of ovs-vswitchd.conf.db(5).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace weft::ovsdb {

inline constexpr std::chrono::milliseconds default_probe_interval{5'000};  // Where the peer may vanish without a word.
inline constexpr std::chrono::milliseconds default_max_backoff{8'000};
// What a database says may be any number.
inline constexpr std::chrono::milliseconds longest_interval = std::chrono::hours(24 * 365);

struct RemoteOptions {
  std::string target;      // A connection method: whom to connect to, or where to listen.
  bool read_only = false;  // Its clients may not change rows.
  std::string role = {};   // The row of RBAC_Role that rules its clients; empty: they may do everything.
  // A silent peer is asked after so long whether it is there, and dropped after as long again. 0: never. None: the
  // default, and never at unix sockets.
  std::optional<std::chrono::milliseconds> inactivity_probe = std::nullopt;
  std::chrono::milliseconds max_backoff = default_max_backoff;  // Between attempts to connect; at least a second.

  bool operator==(const RemoteOptions&) const = default;
};

// Of a remote that listens: of one of those who are connected, but for the port and their number.
struct RemoteStatus {
  bool is_connected = false;
  std::string state = {};  // "CONNECTING", "ACTIVE", "BACKOFF"; empty: it listens, and nobody has come.
  std::optional<std::chrono::seconds> since_connect = {}, since_disconnect = {};
  std::string last_error = {};
  std::string locks_held = {}, locks_waiting = {}, locks_lost = {};  // Names, separated by blanks.
  std::size_t connections = 0;
  std::uint16_t bound_port = 0;  // 0: it has none.
};

}  // namespace weft::ovsdb
