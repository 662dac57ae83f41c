#include "reconcile/referrers.hpp"

#include <algorithm>

namespace weft::reconcile {

void Referrers::note(const Uuid& referrer, const ovsdb::Datum& before, const ovsdb::Datum& after,
                     const std::function<void(const Uuid& target)>& changed) {
  // Of ten thousand references most are the same.
  const auto ends = common_ends(before, after);
  const auto differing = [&](const ovsdb::Datum& datum) {
    return datum.keys().subspan(ends.first, datum.size() - ends.first - ends.last);
  };
  for (const auto& atom : differing(before)) {
    if (after.contains(atom)) continue;
    const auto& target = std::get<Uuid>(atom);
    remove(referrer, target);
    changed(target);
  }
  for (const auto& atom : differing(after)) {
    if (before.contains(atom)) continue;
    const auto& target = std::get<Uuid>(atom);
    add(referrer, target);
    changed(target);
  }
}

const std::vector<Uuid>& Referrers::of(const Uuid& target) const {
  static const std::vector<Uuid> nobody;
  const auto found = referrers_.find(target);
  return found == referrers_.end() ? nobody : found->second;
}

void Referrers::remove(const Uuid& referrer, const Uuid& target) {
  const auto found = referrers_.find(target);
  if (found == referrers_.end()) return;
  std::erase(found->second, referrer);
  if (found->second.empty()) referrers_.erase(found);
}

}  // namespace weft::reconcile
