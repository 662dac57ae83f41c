// Endpoints' places in their networks: addresses, MACs, ports.
#pragma once

#include <string_view>
#include <vector>

#include "topology/complaints.hpp"
#include "topology/endpoint_draft.hpp"
#include "topology/topology.hpp"

namespace weft::topology {

// Fills in each draft's attachment. `lab`: its name, which MACs are made from.
void attach(std::string_view lab, const Machines& machines, const std::vector<Network>& networks,
            const KnownAddresses& known, std::vector<EndpointDraft>& drafts, Complaints& complaints);

}  // namespace weft::topology
