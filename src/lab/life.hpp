// Which of a lab's objects are there now, as their hosts say.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lab/carrier.hpp"
#include "lab/journal.hpp"

namespace weft::lab {

struct Life {
  ObjectId id = {};
  json::object facts = {};
  bool is_whole = false;     // As recorded.
  bool is_known = true;      // Its host could be asked.
  std::string trouble = {};  // Empty: it is there. Else what is wrong, in a few words.
};

// Of all hosts, side by side; of a host that cannot be asked, why. In the order of ids.
std::vector<Life> look(const Record& record, HostCarrier& carrier);

// Of those that were made whole: what runs no more, or is gone, and simulated hosts that have ended. A host that cannot
// be asked tells nothing.
std::set<ObjectId> ended_of(std::span<const Life> lives, const HostCarrier& carrier);
// Error: a real host that cannot be asked.
Result<> require_all_known(std::span<const Life> lives, const HostCarrier& carrier);

}  // namespace weft::lab
