// A lab's file, read where the lab may stand already.
#pragma once

#include "lab/journal.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

// The addresses that the endpoints of a record have.
topology::KnownAddresses known_addresses(const Record& record);

// What the file says; endpoints whose addresses it leaves open keep those that they have in the lab of its name.
Result<topology::Topology> read_standing_lab(const std::string& file);

}  // namespace weft::lab
