// What stood on the real hosts before the lab came, kept in its folder.
#pragma once

#include "lab/census.hpp"
#include "lab/lab_folder.hpp"

namespace weft::lab {

// Counts on the real hosts, unless that was done before.
Result<> keep_baseline(const LabFolder& folder, HostCarrier& carrier);
// Of simulated hosts: what is there from their beginning, their links' devices.
Census baseline(const LabFolder& folder, std::span<const Object> objects);

}  // namespace weft::lab
