// What a lab asks of the host on which its file is.
#pragma once

#include "doctor/facts.hpp"
#include "topology/topology.hpp"

namespace weft::doctor {

// `asked`: what the command line says, which comes before the lab's.
Question question_of(const topology::Topology& lab, Question asked);

}  // namespace weft::doctor
