// What the datapath decided about a frame, for programs and for people.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "bpf/decisions.h"
#include "wire/frame.hpp"

namespace weft::kernel {

// How the names in decisions are found. All outlive the call.
struct TraceNames {
  std::function<std::string(std::uint32_t slot)> port;
  std::function<std::string(std::uint32_t ifindex)> device;  // Of the port whose filter sits there.
};

// {"decisions": [{"decision": "copy-to", "port": ..., "vlan": ..., "text": ...}, ...], "sent-to": [port, ...]}; one
// that drops has "reason" in place of "vlan". What is decided for a port in each pass of a flood is told once.
json::object report_decisions(std::span<const weft_decision> decisions, const Frame& frame, const TraceNames& names);

// BAD_SOURCE -> "bad-source".
std::string word_of(std::string_view enumerator);

}  // namespace weft::kernel
