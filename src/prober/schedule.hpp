// Who asks whom: the same for the probers and for the program that reads what they found. Pure.
#pragma once

#include <vector>

#include "prober/endpoint.hpp"

namespace weft::prober {

bool has_address(const Endpoint& endpoint, bool is_ipv6);

// Whom `endpoint` asks, in the order of their numbers. Of Probe::flood: whom it is to hear; of Probe::stranger: whom
// not, though they all broadcast and some send to its own address. Guests ask and hear nobody, and don't broadcast.
std::vector<std::uint32_t> targets(const Endpoints& all, std::uint32_t endpoint, Probe probe);

// To whom `endpoint` sends frames that are not to arrive: one of each other network. All of them would be one
// flood each, as no switch knows the address there.
std::vector<std::uint32_t> strangers_tried(const Endpoints& all, std::uint32_t endpoint);

// How many neighbours of a family the kernels would have to remember together, were they left to find them themselves.
std::size_t neighbour_count(const Endpoints& all);

}  // namespace weft::prober
