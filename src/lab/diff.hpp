// From what a lab is to what it should be.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "lab/object.hpp"

namespace weft::lab {

// An object as the journal has it.
struct Recorded {
  Object object = {};
  bool is_whole = false;  // Its creation ended well, and its removal has not begun.
  bool operator==(const Recorded&) const = default;
};
using RecordedObjects = std::map<ObjectId, Recorded>;

struct Step {
  enum class Action : std::uint8_t { remove, create };
  Action action = Action::create;
  Object object = {};
  bool operator==(const Step&) const = default;
};
using Steps = std::vector<Step>;

// Pure. Removals first, in the reverse order of kinds; then creations, in their order. An object that changed, or that
// is not whole, is removed and created again, along with all that stand on it. Of what it yields, the second diff is
// empty.
Steps diff(const std::vector<Object>& desired, const RecordedObjects& recorded);

// The first steps that can be carried out side by side: the same action on the same kind.
std::size_t wave_size(std::span<const Step> steps);

}  // namespace weft::lab
