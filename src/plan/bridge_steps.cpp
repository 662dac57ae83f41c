#include "plan/bridge_steps.hpp"

namespace weft::plan {

Steps delete_bridges(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope) {
  Steps steps;
  for (const auto& name : scope.bridges) {
    if (observed.bridges.contains(name) && !desired.bridges.contains(name))
      steps.push_back(DeleteBridge{.bridge = name});
  }
  return steps;
}

Steps create_and_set_bridges(const model::Desired& desired, const model::Observed& observed,
                             const model::Scope& scope) {
  Steps steps;
  for (const auto& name : scope.bridges) {
    const auto wanted = desired.bridges.find(name);
    if (wanted == desired.bridges.end()) continue;
    const auto present = observed.bridges.find(name);
    if (present == observed.bridges.end()) {
      steps.push_back(CreateBridge{.bridge = name, .settings = wanted->second});
    } else if (present->second != wanted->second) {
      steps.push_back(SetBridge{.bridge = name, .settings = wanted->second});
    }
  }
  return steps;
}

Steps set_served(const model::Desired& desired, const model::Observed& observed, const model::Scope& scope) {
  Steps steps;
  for (const auto& name : scope.bridges) {
    if (!desired.bridges.contains(name)) continue;  // What it served goes with it.
    std::map<std::uint16_t, model::ServedVlan> wanted;
    if (const auto networks = desired.networks.find(name); networks != desired.networks.end()) {
      for (const auto& [vlan, network] : networks->second) wanted[vlan] = model::served_vlan(network);
    }
    const auto present = observed.served.find(name);
    const bool is_same = present == observed.served.end() ? wanted.empty() : present->second == wanted;
    if (!is_same) steps.push_back(SetServed{.bridge = name, .served = std::move(wanted)});
  }
  return steps;
}

}  // namespace weft::plan
