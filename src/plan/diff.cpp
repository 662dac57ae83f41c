#include "plan/diff.hpp"

#include "plan/bridge_steps.hpp"
#include "plan/device_steps.hpp"
#include "plan/patch_steps.hpp"
#include "plan/port_steps.hpp"
#include "plan/underlay_steps.hpp"
#include "plan/vxlan_steps.hpp"

namespace weft::plan {
namespace {

void append(Steps& steps, Steps more) {
  steps.insert(steps.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Steps diff(const model::Desired& desired, const model::Observed& observed) {
  model::Scope everything;
  everything.add(desired);
  everything.add(observed);
  return Differ().diff(desired, observed, everything);
}

Steps Differ::diff(const model::Desired& desired, const model::Observed& observed, model::Scope& changed) {
  add_other_ends(changed, desired, observed);
  std::vector<std::string> to_look_at(changed.devices.begin(), changed.devices.end());
  while (!to_look_at.empty()) {
    const auto device = std::move(to_look_at.back());
    to_look_at.pop_back();
    std::set<std::string> affected;
    tunnels_.update(device, desired, observed, affected);
    for (const auto& other : affected) {
      if (changed.devices.insert(other).second) to_look_at.push_back(other);
    }
  }
  std::set<std::string> followers;
  for (const auto& device : changed.devices) mtus_.update(device, desired, observed, tunnels_, followers);
  for (const auto& device : changed.devices) fast_.update(device, desired, observed, followers, changed.underlays);
  changed.devices.merge(followers);
  for (const auto& device : changed.devices) {
    const auto link = observed.links.find(device);
    if (link == observed.links.end()) continue;
    changed.ports.insert(link->second.port_ifindex());
    changed.underlays.insert(link->second.ifindex);
  }
  Steps steps;
  append(steps, detach_underlays(desired, observed, fast_, changed));
  append(steps, detach_ports(desired, observed, changed));
  append(steps, delete_bridges(desired, observed, changed));
  append(steps, delete_devices(desired, observed, changed));
  append(steps, create_devices(desired, observed, mtus_, tunnels_, changed));
  append(steps, create_and_set_bridges(desired, observed, changed));
  append(steps, set_served(desired, observed, changed));
  append(steps, set_vxlans(desired, observed, changed));
  append(steps, set_devices(desired, observed, mtus_, changed));
  append(steps, attach_and_set_ports(desired, observed, tunnels_, fast_, changed));
  append(steps, attach_underlays(desired, observed, fast_, changed));
  append(steps, set_admin_states(desired, observed, tunnels_, changed));
  return steps;
}

}  // namespace weft::plan
