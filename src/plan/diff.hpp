// Pure: no clock, no socket, no log. Carrying every step out on `observed` yields `desired`, as far as the devices
// exist: a port whose device is missing has no step until it appears.
// Deletions come first: what is made may reuse a name that they free.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/bridge_mtus.hpp"
#include "plan/fast_tunnels.hpp"
#include "plan/step.hpp"
#include "plan/tunnel_index.hpp"

namespace weft::plan {

Steps diff(const model::Desired& desired, const model::Observed& observed);

// The same for one who keeps both sides and knows what of them changed: costs by what changed, not by what is there.
class Differ {
 public:
  // `changed`: what may differ, on either side, from what the last call saw; as model::difference() has it. It grows by
  // what depends on that. Returns the steps about all of it; where the last diff of the whole was empty, these are all
  // steps of the whole.
  Steps diff(const model::Desired& desired, const model::Observed& observed, model::Scope& changed);

  // As of the last call.
  const TunnelIndex& tunnels() const { return tunnels_; }

 private:
  TunnelIndex tunnels_;
  BridgeMtus mtus_;
  FastTunnels fast_;
};

}  // namespace weft::plan
