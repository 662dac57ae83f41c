#include "reconcile/admin_states.hpp"

namespace weft::reconcile {

void AdminStates::note(const plan::Step& applied) {
  if (const auto* created = std::get_if<plan::CreateDevice>(&applied)) expected_[created->device] = false;
  if (const auto* set = std::get_if<plan::SetAdminState>(&applied)) expected_[set->device] = set->up;
}

std::map<std::string, bool> AdminStates::take_changes(const model::Observed& observed,
                                                      const std::set<std::string>& devices) {
  std::map<std::string, bool> changes;
  for (const auto& device : devices) {
    const auto link = observed.links.find(device);
    if (link == observed.links.end() || !link->second.is_internal()) {
      expected_.erase(device);
      continue;
    }
    if (link->second.is_away) {
      expected_[device] = false;  // The kernel takes a device down that is moved, also on its way home.
      continue;
    }
    const auto expected = expected_.find(device);
    const bool is_up = link->second.admin_up;
    if (expected != expected_.end() && expected->second == is_up) continue;
    changes[device] = expected_[device] = is_up;
  }
  return changes;
}

}  // namespace weft::reconcile
