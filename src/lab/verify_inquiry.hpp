// Finds out why ways are bad: looks at their hosts, and where that does not tell, sends test frames and watches the
// underlay. Bounded: a lab that is wholly down has few causes.
#pragma once

#include <vector>

#include "hosts/shell.hpp"
#include "lab/verify_case.hpp"
#include "lab/verify_crew.hpp"

namespace weft::lab {

// Ways with the same reason.
struct Trouble {
  Reason reason = {};
  std::vector<Findings::Way> ways = {};
};

// More kinds of failures than these are not tried; what is left has no reason.
inline constexpr std::size_t experiments_max = 6;

// Of all bad ways. Errors: a prober does not answer any more.
Result<std::vector<Trouble>> inquire(const Findings& findings, Crew& crew, const Crew::Places& places);

}  // namespace weft::lab
