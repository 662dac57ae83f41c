// The part of diff() that is about vxlan devices that Weft makes: what the kernel can change in place, and what not.
#pragma once

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "model/scope.hpp"
#include "plan/step.hpp"

namespace weft::plan {

// The kernel cannot change the device `link`, which Weft made, into what is wanted (ip-link(8) says which options
// "change" takes); a group would not be joined anew.
bool must_be_remade(const model::VxlanDevice& wanted, const model::Link& link, const model::Desired& desired,
                    const model::Observed& observed);
// The device that it is to run over is there and stays, or none is named. A tunnel does not run over another one.
bool has_underlay(const model::VxlanDevice& wanted, const model::Desired& desired, const model::Observed& observed);

// Of tunnels that are there already.
Steps set_vxlans(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope);

// What the outer headers of VXLAN over IPv4 or IPv6 take of the underlay's MTU, the inner Ethernet header included.
inline constexpr std::uint32_t overhead_v4_bytes = 50, overhead_v6_bytes = 70;
// The largest inner packet that fits each way to the remotes; none: no way is known.
std::optional<std::uint32_t> tunnel_mtu_bytes(const model::Link& link);
// The largest packet that the tunnel `link` carries inside: what its device takes, and what fits the way there. Where
// the operator asked for a larger MTU, and outer packets may be fragmented, they are. 0: it is no tunnel.
std::uint16_t carried_mtu_bytes(const model::Device& wanted, const model::Link& link);
// Of a device to be made.
std::uint16_t first_carried_mtu_bytes(const model::Device& wanted);
// Before the ways are known.
std::uint32_t first_tunnel_mtu_bytes(const model::VxlanDevice& wanted);

}  // namespace weft::plan
