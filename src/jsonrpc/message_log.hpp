// Every message that is sent or received, a line of the log each, at the level DBG of module jsonrpc, in the form that
// people know from Open vSwitch: "unix#0: received request, method="echo", params=[], id=0".
#pragma once

#include <string_view>

#include "base/json.hpp"

namespace weft::jsonrpc {

// Longer lines are cut off: a message may be a whole database.
inline constexpr std::size_t max_logged_bytes = 64 << 10;

// Somebody reads such lines: only then are they worth their cost.
bool are_messages_logged();
void log_received(std::string_view peer, const json::value& message);
// `message`: its text.
void log_sent(std::string_view peer, std::string_view message);

// The line without the peer. `direction`: "send" or "received".
std::string describe_message(std::string_view direction, const json::value& message);

}  // namespace weft::jsonrpc
