#include "reconcile/admin_states.hpp"

namespace weft::reconcile {

void AdminStates::note(const plan::Step& applied) {
  if (const auto* created = std::get_if<plan::CreateInternal>(&applied)) expected_[created->device] = false;
  if (const auto* set = std::get_if<plan::SetAdminState>(&applied)) expected_[set->device] = set->up;
}

std::map<std::string, bool> AdminStates::take_changes(const model::Observed& observed) {
  std::map<std::string, bool> changes, present;
  for (const auto& [device, link] : observed.links) {
    if (!link.is_internal) continue;
    const auto expected = expected_.find(device);
    if (expected == expected_.end() || expected->second != link.admin_up) changes[device] = link.admin_up;
    present[device] = link.admin_up;
  }
  expected_ = std::move(present);
  return changes;
}

}  // namespace weft::reconcile
