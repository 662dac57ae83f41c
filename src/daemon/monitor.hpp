// --monitor: a process that starts the daemon again when it dies of a programming error, as ovs-vswitchd(8) tells.
#pragma once

#include <chrono>
#include <optional>

#include "base/error.hpp"
#include "daemon/child.hpp"

namespace weft::daemon {

// Signals that tell of a mistake in the program, and not that somebody wants it to end.
bool is_crash(int status);

// A daemon that crashes at once again is not started more often than this.
inline constexpr std::chrono::seconds least_time_between_restarts(10);

// Returns in the daemon only, perhaps several times; the process that called is the monitor, and ends with the daemon.
// Once the daemon works, the first time, `to_caller` is told.
Result<Child> monitor(std::optional<Child> to_caller);

}  // namespace weft::daemon
