// From the options of an interface of type vxlan to the device that Weft makes for it (ovs-vswitchd.conf.db(5),
// Interface, "Tunnel Options"; docs/design/0014-tunnel-ports.md has the table). Pure.
#pragma once

#include "model/desired.hpp"
#include "reconcile/configuration.hpp"

namespace weft::reconcile {

// Remotes of one tunnel, configured ones and those that were heard.
inline constexpr std::size_t most_remotes = model::most_remotes;

// The error names the option that is missing, wrong, or asks for what Weft cannot do.
Result<model::VxlanDevice> vxlan_of(const InterfaceConfig& interface);

}  // namespace weft::reconcile
