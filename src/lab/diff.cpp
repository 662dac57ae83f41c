#include "lab/diff.hpp"

#include <algorithm>
#include <set>

namespace weft::lab {
namespace {

// Those of `recorded` that cannot stay as they are, whatever they stand on.
std::set<ObjectId> changed(const std::map<ObjectId, const Object*>& desired, const RecordedObjects& recorded) {
  std::set<ObjectId> ids;
  for (const auto& [id, record] : recorded) {
    const auto wanted = desired.find(id);
    if (wanted == desired.end() || !record.is_whole || *wanted->second != record.object) ids.insert(id);
  }
  return ids;
}

}  // namespace

Steps diff(const std::vector<Object>& desired, const RecordedObjects& recorded) {
  std::map<ObjectId, const Object*> wanted;
  for (const auto& object : desired) wanted.emplace(object.id, &object);

  auto leaving = changed(wanted, recorded);
  // What is needed has a lower kind, and ids are ordered by kind: one pass finds all that follow.
  for (const auto& [id, record] : recorded) {
    const auto is_leaving = [&](const ObjectId& need) { return leaving.contains(need) || !recorded.contains(need); };
    if (std::ranges::any_of(record.object.needs, is_leaving)) leaving.insert(id);
  }

  Steps steps;
  for (auto id = leaving.rbegin(); id != leaving.rend(); ++id) {
    steps.push_back({Step::Action::remove, recorded.at(*id).object});
  }
  for (const auto& [id, object] : wanted) {
    if (!recorded.contains(id) || leaving.contains(id)) steps.push_back({Step::Action::create, *object});
  }
  return steps;
}

std::size_t wave_size(std::span<const Step> steps) {
  std::size_t size = 0;
  while (size < steps.size() && steps[size].action == steps.front().action &&
         steps[size].object.id.kind == steps.front().object.id.kind) {
    ++size;
  }
  return size;
}

}  // namespace weft::lab
