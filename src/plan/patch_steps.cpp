#include "plan/patch_steps.hpp"

namespace weft::plan {

bool is_paired(const std::string& device, const model::PatchDevice& patch, const model::Desired& desired) {
  if (patch.peer == device) return false;
  const auto other = desired.devices.find(patch.peer);
  return other != desired.devices.end() && other->second.patch() != nullptr && other->second.patch()->peer == device;
}

void add_other_ends(model::Scope& scope, const model::Desired& desired, const model::Observed& observed) {
  std::set<std::string> others;
  for (const auto& device : scope.devices) {
    const auto wanted = desired.devices.find(device);
    const auto* patch = wanted == desired.devices.end() ? nullptr : wanted->second.patch();
    if (patch != nullptr) others.insert(patch->peer);
    const auto link = observed.links.find(device);
    if (link != observed.links.end() && !link->second.patch_peer.empty()) others.insert(link->second.patch_peer);
  }
  scope.devices.merge(others);
}

}  // namespace weft::plan
