// The part of diff() that is about network devices: those that Weft makes, and the MTU, MAC address and admin state of
// those in a bridge.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/bridge_mtus.hpp"
#include "plan/step.hpp"
#include "plan/tunnel_index.hpp"

namespace weft::plan {

// Devices that Weft made and nobody wants, or that can only become what is wanted by being made anew.
Steps delete_devices(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);
// Only where the name is free, or freed by delete_devices().
Steps create_devices(const model::Desired& desired, const model::Observed& observed, const BridgeMtus& mtus,
                     const TunnelIndex& tunnels, const model::Scope& scope);
// MTU and MAC addresses of devices that are there already.
Steps set_devices(const model::Desired& desired, const model::Observed& observed, const BridgeMtus& mtus,
                  const model::Scope& scope);
// Also of devices that create_devices() makes. After the ports are attached: a device that comes up is of use at once.
Steps set_admin_states(const model::Desired& desired, const model::Observed& observed, const TunnelIndex& tunnels,
                       const model::Scope& scope);

// The device is there, and of the right kind for what is desired of it: one that Weft makes needs a device that Weft
// made, any other one that it did not make. What is not usable waits.
bool is_usable(const std::string& device, const model::Desired& desired, const model::Observed& observed);
// It is there, was made by Weft, and goes.
bool is_to_be_deleted(const std::string& device, const model::Desired& desired, const model::Observed& observed);
// It is wanted and not there, and what its kind needs is; but another may need the same.
bool can_be_made(const std::string& device, const model::Desired& desired, const model::Observed& observed);
// create_devices() makes it.
bool will_be_made(const std::string& device, const model::Desired& desired, const model::Observed& observed,
                  const TunnelIndex& tunnels);
// Of a device that is there, but for internal ones, which follow the others.
std::uint32_t wanted_mtu_bytes(const model::Device& wanted, const model::Link& link);

}  // namespace weft::plan
