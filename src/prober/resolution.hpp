// ARP and neighbour discovery by frames of our own: who has an address? So it is seen whether a neighbour is found,
// whatever the endpoint's kernel remembers.
#pragma once

#include "prober/flood.hpp"
#include "prober/questions.hpp"

namespace weft::prober {

// Ends the questions of Probe::resolve4 or resolve6 as far as they are answered: as mistaken, where another MAC address
// is told. `flood` hears the answers.
void ask_for_neighbours(Loop& loop, const Endpoints& all, Flood& flood, Questions& questions);

}  // namespace weft::prober
