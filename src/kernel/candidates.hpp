// The queues of addresses that have to make room for new ones (the datapath's `candidates` map): one for each bridge,
// as long as its table is big. The datapath takes from them and adds to them.
#pragma once

#include "base/error.hpp"
#include "bpf/abi.h"
#include "kernel/port_table.hpp"

namespace weft::kernel {

// The bridge has a queue for so many addresses. A new one begins with those that the bridge has learned, the one that
// was silent for longest first.
Result<> fit_candidates(int candidates_fd, int fdb_fd, BridgeId bridge, std::uint32_t addresses);
void remove_candidates(int candidates_fd, BridgeId bridge);

}  // namespace weft::kernel
