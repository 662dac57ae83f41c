// Blocking connection to a stream by OVSDB's name for it (ovsdb(7) "Connection Methods").
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::stream {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;  // None: wait for ever.

inline constexpr const char* default_tcp_port = "6640";

// `remote`: "unix:FILE", "tcp:HOST[:PORT]", "tcp:[IPV6]:PORT". The descriptor is non-blocking and close-on-exec.
// "connection failed": the remote, then the system's reason; "timed out"; "invalid address".
Result<UniqueFd> connect_stream(const std::string& remote, Deadline deadline);

// Waits until the descriptor is ready for `events` (poll(2)). False: the deadline has passed.
bool wait_until_ready(int fd, short events, Deadline deadline);

}  // namespace weft::stream
