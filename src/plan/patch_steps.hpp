// What diff() must know of patch ports: a pair of them is one pair of devices, which comes and goes as a whole.
#pragma once

#include <string>

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"

namespace weft::plan {

// The port at the other end wants this one, too. Without it a patch port has no device.
bool is_paired(const std::string& device, const model::PatchDevice& patch, const model::Desired& desired);
// Of the two it is the one whose steps make and delete the pair.
inline bool speaks_for_both(const std::string& device, const std::string& peer) { return device < peer; }

// Adds the other ends of patch ports, wanted and present.
void add_other_ends(model::Scope& scope, const model::Desired& desired, const model::Observed& observed);

}  // namespace weft::plan
