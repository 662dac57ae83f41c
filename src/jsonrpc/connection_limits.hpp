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
};

}  // namespace weft::jsonrpc
