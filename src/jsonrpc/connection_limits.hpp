// What one peer may make a connection hold.
#pragma once

#include <chrono>

#include "jsonrpc/framing.hpp"

namespace weft::jsonrpc {

struct ConnectionLimits {
  std::size_t request_bytes = max_request_bytes;  // In one message of the peer.
  // What the peer has not yet read. Beyond it the connection ends; the last message may exceed it.
  std::size_t backlog_bytes = 64 << 20;
  // A peer that has something to read and takes no byte of it for so long is dropped, too.
  std::chrono::milliseconds stall_time{60'000};
  // From its first byte until it is connected and its TLS handshake is done.
  std::chrono::milliseconds handshake_time{15'000};
  // A peer that has been silent for so long is asked whether it is there ("echo"), and dropped after as long again;
  // 0: never.
  std::chrono::milliseconds probe_interval{0};
};

}  // namespace weft::jsonrpc
