// The part of diff() that is about the devices that tunnels' packets come and go by.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/fast_tunnels.hpp"
#include "plan/step.hpp"

namespace weft::plan {

Steps detach_underlays(const model::Desired& desired, const model::Observed& observed, const FastTunnels& tunnels,
                       const model::Scope& scope);
// Not on devices that delete_devices() takes away.
Steps attach_underlays(const model::Desired& desired, const model::Observed& observed, const FastTunnels& tunnels,
                       const model::Scope& scope);

}  // namespace weft::plan
