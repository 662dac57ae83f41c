// Pure: no clock, no socket, no log. Carrying every step out on `observed` yields `desired`, as far as the devices
// exist: a port whose device is missing has no step until it appears.
// Deletions come first: what is made may reuse a name that they free.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "plan/step.hpp"

namespace weft::plan {

Steps diff(const model::Desired& desired, const model::Observed& observed);

}  // namespace weft::plan
