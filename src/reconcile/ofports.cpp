#include "reconcile/ofports.hpp"

#include <algorithm>

namespace weft::reconcile {

std::set<Uuid> Ofports::update(const std::map<Uuid, std::optional<OfportClaim>>& changes) {
  // Everybody else has what it wants, or can't get it.
  std::map<Uuid, std::uint16_t> before;
  bool is_one_free_again = false;
  for (const auto& [interface, claim] : changes) {
    before[interface] = number_of(interface);
    is_one_free_again |= before[interface] != 0;
  }
  if (is_one_free_again) {
    for (const auto& interface : unsatisfied_) before.emplace(interface, number_of(interface));
  }

  std::vector<Holder*> open;
  for (const auto& [interface, number] : before) {
    auto& holder = holders_[interface];
    take_back(holder);
    unsatisfied_.erase(interface);
    if (const auto change = changes.find(interface); change != changes.end()) {
      if (!change->second) {
        holders_.erase(interface);
        continue;
      }
      holder.claim = *change->second;
    }
    if (number != 0) holder.claim.present = number;
    open.push_back(&holder);
  }
  serve(open);

  std::set<Uuid> changed;
  for (const auto& [interface, number] : before) {
    const auto found = holders_.find(interface);
    if (found == holders_.end()) continue;
    const auto& holder = found->second;
    if (holder.number != number) changed.insert(interface);
    if (holder.number == 0 || (holder.claim.requested && holder.claim.requested != holder.number)) {
      unsatisfied_.insert(interface);
    }
  }
  return changed;
}

std::uint16_t Ofports::number_of(const Uuid& interface) const {
  const auto found = holders_.find(interface);
  return found == holders_.end() ? std::uint16_t{0} : found->second.number;
}

void Ofports::serve(std::vector<Holder*>& open) {
  std::ranges::stable_sort(open, {}, [](const Holder* holder) -> const std::string& { return holder->claim.name; });
  for (auto* holder : open) {
    const auto& claim = holder->claim;
    const bool wants_to_stay = !claim.requested || claim.requested == claim.present;
    if (wants_to_stay) try_give(*holder, claim.present);
  }
  for (auto* holder : open) try_give(*holder, holder->claim.requested);
  for (auto* holder : open) try_give(*holder, holder->claim.present);
  for (auto* holder : open) give_lowest(*holder);
}

void Ofports::try_give(Holder& holder, std::optional<std::int64_t> number) {
  if (holder.number != 0 || !number || *number < 1 || *number > greatest_ofport) return;
  const auto ofport = static_cast<std::uint16_t>(*number);
  if (is_taken(ofport)) return;
  if (is_taken_.size() <= ofport) is_taken_.resize(std::size_t{ofport} + 1);
  is_taken_[ofport] = true;
  holder.number = ofport;
}

void Ofports::give_lowest(Holder& holder) {
  if (holder.number != 0) return;
  while (lowest_free_ <= greatest_ofport && is_taken(lowest_free_)) ++lowest_free_;
  try_give(holder, lowest_free_);
}

void Ofports::take_back(Holder& holder) {
  if (holder.number == 0) return;
  is_taken_[holder.number] = false;
  lowest_free_ = std::min<std::uint32_t>(lowest_free_, holder.number);
  holder.number = 0;
}

}  // namespace weft::reconcile
