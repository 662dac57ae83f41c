// The part of diff() that is about ports: which devices our filter sits on, and what the datapath knows of them.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/fast_tunnels.hpp"
#include "plan/step.hpp"
#include "plan/tunnel_index.hpp"

namespace weft::plan {

// Ports that nobody wants, whose device is gone or now bears another's name, or that belong to another bridge now
// (what was learned behind them there must be forgotten).
Steps detach_ports(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);
// Of devices that are there, or that create_devices() makes.
Steps attach_and_set_ports(const model::Desired& desired, const model::Observed& observed, const TunnelIndex& tunnels,
                           const FastTunnels& fast, const model::Scope& scope);

}  // namespace weft::plan
