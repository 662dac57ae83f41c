// From what a lab is to what it should be.
#pragma once

#include <map>
#include <set>
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
  enum class Action : std::uint8_t { start, remove, create };
  Action action = Action::create;
  Object object = {};
  bool operator==(const Step&) const = default;
};
using Steps = std::vector<Step>;

const Commands& commands_of(const Step& step);
// "start", "remove" or "make".
std::string_view word_of(Step::Action action);

// Pure. First what has `ended` and knows how to be started again, in the order of kinds; then removals, in the reverse
// order; then creations. An object that changed, that is not whole, or that ended and cannot be started, is removed and
// created again, along with all that stand on it. A switch that has ended is started even where it leaves: it takes
// its bridges away. Of what it yields, the second diff is empty.
Steps diff(const std::vector<Object>& desired, const RecordedObjects& recorded, const std::set<ObjectId>& ended = {});

// The first steps that can be carried out side by side: the same action on the same kind.
std::size_t wave_size(std::span<const Step> steps);

}  // namespace weft::lab
