#include "plan/bridge_steps.hpp"

namespace weft::plan {
namespace {

model::DatapathBridge datapath_settings(const model::Bridge& bridge) {
  return {.ageing_s = bridge.ageing_s, .forward_bpdu = bridge.forward_bpdu};
}

}  // namespace

Steps delete_bridges(const model::Desired& desired, const model::Observed& observed) {
  Steps steps;
  for (const auto& [name, bridge] : observed.bridges) {
    if (!desired.bridges.contains(name)) steps.push_back(DeleteBridge{.bridge = name});
  }
  return steps;
}

Steps create_and_set_bridges(const model::Desired& desired, const model::Observed& observed) {
  Steps steps;
  for (const auto& [name, bridge] : desired.bridges) {
    const auto wanted = datapath_settings(bridge);
    const auto present = observed.bridges.find(name);
    if (present == observed.bridges.end()) {
      steps.push_back(CreateBridge{.bridge = name, .settings = wanted});
    } else if (present->second != wanted) {
      steps.push_back(SetBridge{.bridge = name, .settings = wanted});
    }
  }
  return steps;
}

}  // namespace weft::plan
