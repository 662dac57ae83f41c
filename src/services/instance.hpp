// What is told of the instance behind a port, from all that is known of it.
#pragma once

#include "services/metadata.hpp"
#include "services/metadata_wire.hpp"
#include "services/network.hpp"

namespace weft::services {

Instance instance_of(const Asker& asker, const Network& network, const LeaseBook& leases);

}  // namespace weft::services
