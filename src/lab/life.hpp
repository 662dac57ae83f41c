// Which of a lab's objects are there now, as their hosts say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lab/carrier.hpp"
#include "lab/journal.hpp"

namespace weft::lab {

struct Life {
  ObjectId id = {};
  json::object facts = {};
  bool is_whole = false;     // As recorded.
  std::string trouble = {};  // Empty: it is there. Else what is wrong, in a few words.
};

// The script that tells what is missing of a host's objects: a line "INDEX WORDS" each, by their places in `objects`.
std::string life_script(std::span<const Object* const> objects);

// Of all hosts, side by side; of a host that cannot be asked, why. In the order of ids.
std::vector<Life> look(const Record& record, HostCarrier& carrier);

}  // namespace weft::lab
