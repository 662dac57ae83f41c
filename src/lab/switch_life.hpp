// Switches that have ended since they were started.
#pragma once

#include "lab/carrier.hpp"
#include "lab/progress.hpp"

namespace weft::lab {

// Starts weftd again where it has ended: it finds all that it had made. Not those that `steps` have just started. Their
// number.
Result<std::size_t> revive_switches(std::span<const Object> objects, std::span<const Step> steps, HostCarrier& carrier,
                                    Progress& progress);

}  // namespace weft::lab
