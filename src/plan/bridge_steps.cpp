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

}  // namespace weft::plan
