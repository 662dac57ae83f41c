// What `weft lab-probe` does: the process that runs on a host of a lab while it is verified. It takes commands as lines
// from standard input (protocol.hpp), sends and receives in the endpoints' namespaces, and reports on standard output.
// When its input ends, it leaves everything as it was and ends, too.
#pragma once

namespace weft::prober {

inline constexpr const char* probe_word = "lab-probe";

// The exit status.
int run();

}  // namespace weft::prober
