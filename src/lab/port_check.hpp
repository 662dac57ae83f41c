// Whether the switches took what the lab gave them.
#pragma once

#include "lab/carrier.hpp"

namespace weft::lab {

// Errors: the first port with one, in the switch's own words.
Result<> check_ports(std::span<const Object> objects, HostCarrier& carrier);

}  // namespace weft::lab
