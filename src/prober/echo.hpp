// ICMP echo from the endpoints of this host, by their own kernels: raw sockets, one for each endpoint.
#pragma once

#include "prober/local_endpoint.hpp"
#include "prober/loop.hpp"
#include "prober/questions.hpp"

namespace weft::prober {

// Ends the questions of Probe::small4, small6, full4 or full6 as far as they are answered. `identifier`: of the echoes;
// answers to earlier ones bear another. Errors: a socket cannot be opened.
Result<> ask_by_echo(Loop& loop, const Endpoints& all, const LocalEndpoints& here, Questions& questions,
                     std::uint16_t identifier);

}  // namespace weft::prober
