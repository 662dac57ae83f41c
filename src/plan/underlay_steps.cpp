#include "plan/underlay_steps.hpp"

#include <algorithm>

#include "plan/device_steps.hpp"

namespace weft::plan {

Steps detach_underlays(const model::Desired& desired, const model::Observed& observed, const FastTunnels& tunnels,
                       const model::Scope& scope) {
  Steps steps;
  for (const auto ifindex : scope.underlays) {
    const auto present = observed.underlays.find(ifindex);
    if (present == observed.underlays.end()) continue;
    const auto& device = present->second.device;
    const bool may_stay =
        !device.empty() && tunnels.is_underlay(ifindex) && !is_to_be_deleted(device, desired, observed);
    if (!may_stay) steps.push_back(DetachUnderlay{.ifindex = ifindex, .device = device});
  }
  return steps;
}

Steps attach_underlays(const model::Desired& desired, const model::Observed& observed, const FastTunnels& tunnels,
                       const model::Scope& scope) {
  Steps steps;
  for (const auto ifindex : scope.underlays) {
    if (!tunnels.is_underlay(ifindex)) continue;
    const auto present = observed.underlays.find(ifindex);
    if (present != observed.underlays.end() && present->second.attached) continue;
    const auto link =
        std::ranges::find(observed.links, ifindex, [](const auto& named) { return named.second.ifindex; });
    if (link == observed.links.end()) continue;
    const bool will_go = link->second.made && !is_usable(link->first, desired, observed);
    if (will_go) continue;
    steps.push_back(AttachUnderlay{.ifindex = ifindex, .device = link->first});
  }
  return steps;
}

}  // namespace weft::plan
