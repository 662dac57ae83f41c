// A made-up frame through the datapath's traced form (bpf/decide.h): what it decides, from the maps as they are now.
// Nothing is changed: no address is learned, nothing is sent, no counter moves.
#pragma once

#include <vector>

#include "base/error.hpp"
#include "bpf/decisions.h"
#include "kernel/datapath.hpp"
#include "wire/wire_bytes.hpp"

namespace weft::kernel {

// What every kernel runs a program on: a page without what the kernel itself puts into it.
inline constexpr std::size_t max_traced_frame_bytes = 3500;

// As if the frame entered by the device `ifindex`, which is in the namespace of the calling thread. In the order of the
// decisions. Loads the traced form for the time of the call: it is used so seldom that nothing of it should stay.
Result<std::vector<weft_decision>> trace_frame(const Datapath& datapath, int ifindex, ByteView frame);

}  // namespace weft::kernel
