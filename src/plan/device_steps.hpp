// The part of diff() that is about network devices: the internal ones that Weft makes, and the MTU, MAC address and
// admin state of those in a bridge.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "plan/step.hpp"

namespace weft::plan {

// The MTU of an internal device for which none was asked, in a bridge without other ports.
inline constexpr std::uint32_t default_mtu_bytes = 1500;

Steps delete_internals(const model::Desired& desired, const model::Observed& observed);
// Only where the name is free, or freed by delete_internals().
Steps create_internals(const model::Desired& desired, const model::Observed& observed);
// MTU and MAC addresses of devices that are there already.
Steps set_devices(const model::Desired& desired, const model::Observed& observed);
// Also of devices that create_internals() makes. After the ports are attached: a device that comes up is of use at
// once.
Steps set_admin_states(const model::Desired& desired, const model::Observed& observed);

// The device is there and of the right kind to be this port of the bridge: an internal port needs a device that Weft
// made, any other port one that it did not make. A port whose device is not usable waits.
bool is_usable(const model::Bridge& bridge, const std::string& device, const model::Observed& observed);
// There is no device of the name, once delete_internals() is carried out.
bool is_free(const std::string& device, const model::Desired& desired, const model::Observed& observed);

}  // namespace weft::plan
