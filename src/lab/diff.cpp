#include "lab/diff.hpp"

#include <algorithm>
#include <array>

namespace weft::lab {
namespace {

using Ids = std::set<ObjectId>;

bool needs_any(const Object& object, const Ids& ids) {
  return std::ranges::any_of(object.needs, [&](const ObjectId& need) { return ids.contains(need); });
}

// Those of `recorded` that cannot stay as they are, whatever they stand on.
Ids changed(const std::map<ObjectId, const Object*>& desired, const RecordedObjects& recorded, const Ids& ended) {
  Ids ids;
  for (const auto& [id, record] : recorded) {
    const auto wanted = desired.find(id);
    const bool is_lost = ended.contains(id) && record.object.revive.empty();
    if (wanted == desired.end() || !record.is_whole || is_lost || *wanted->second != record.object) ids.insert(id);
  }
  return ids;
}

// A guest that is started again asks for its address again.
Ids to_be_started(const RecordedObjects& recorded, const Ids& ended, const Ids& leaving) {
  Ids ids;
  for (const auto& [id, record] : recorded) {
    if (!record.is_whole || record.object.revive.empty()) continue;
    if (leaving.contains(id) && id.kind != Kind::vswitch) continue;
    if (ended.contains(id) || (id.kind == Kind::guest && needs_any(record.object, ids))) ids.insert(id);
  }
  return ids;
}

}  // namespace

const Commands& commands_of(const Step& step) {
  switch (step.action) {
    case Step::Action::start:
      return step.object.revive;
    case Step::Action::remove:
      return step.object.remove;
    case Step::Action::create:
      break;
  }
  return step.object.create;
}

std::string_view word_of(Step::Action action) {
  constexpr std::array<std::string_view, 3> words = {"start", "remove", "make"};
  return words.at(static_cast<std::size_t>(action));
}

Steps diff(const std::vector<Object>& desired, const RecordedObjects& recorded, const std::set<ObjectId>& ended) {
  std::map<ObjectId, const Object*> wanted;
  for (const auto& object : desired) wanted.emplace(object.id, &object);

  auto leaving = changed(wanted, recorded, ended);
  // What is needed has a lower kind, and ids are ordered by kind: one pass finds all that follow.
  for (const auto& [id, record] : recorded) {
    const auto is_leaving = [&](const ObjectId& need) { return leaving.contains(need) || !recorded.contains(need); };
    if (std::ranges::any_of(record.object.needs, is_leaving)) leaving.insert(id);
  }

  Steps steps;
  for (const auto& id : to_be_started(recorded, ended, leaving)) {
    steps.push_back({Step::Action::start, recorded.at(id).object});
  }
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
