// Connections by connection methods.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "stream/method.hpp"
#include "stream/socket_address.hpp"
#include "stream/stream.hpp"

namespace weft::stream {

using Deadline = std::optional<std::chrono::steady_clock::time_point>;  // None: wait for ever.

// Begins to connect to `address`, or to the method's unix socket; Stream::open() tells how it goes on. Does not wait:
// "busy": the unix socket's queue is full, try again after full_queue_pause. Else "connection failed", with the
// system's reason only. `name`: the method's text.
Result<Stream> begin_connect(const std::string& name, const Method& method, const SocketAddress& address, Tls& tls);

// The kernel tells nobody when such a queue has room.
inline constexpr std::chrono::milliseconds full_queue_pause{10};

// Waits for the whole connection, handshake included. `remote` may be passive, too: then it listens, and the first who
// comes is the peer. Errors: "connection failed": the remote, then the system's reason; "timed out"; "invalid address".
Result<Stream> connect_stream(const std::string& remote, Deadline deadline, const TlsSettings& tls_settings = {});

// Waits until the descriptor is ready for `events` (poll(2)). False: the deadline has passed.
bool wait_until_ready(int fd, short events, Deadline deadline);
// The same for what a step wants.
bool wait_for(const Stream& stream, const Step& step, Deadline deadline);

}  // namespace weft::stream
