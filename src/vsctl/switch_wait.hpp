// After a commit: waiting until the switch has taken the new configuration up, and looking how that went.
#pragma once

#include <cstdio>
#include <vector>

#include "vsctl/session.hpp"

namespace weft::vsctl {

struct Patience {
  std::chrono::milliseconds until_told;                     // Then a line on `err` says what is being waited for.
  std::optional<std::chrono::milliseconds> until_end = {};  // Then it is given up; none: never.
};
inline constexpr std::chrono::seconds told_after{5};
// Without --timeout. Long enough for a switch that is being started, or that sets thousands of ports up.
inline constexpr std::chrono::seconds longest_wait{60};

// Until Open_vSwitch.cur_cfg has reached `next_cfg`. A lost connection is made anew, since the change is committed.
// Error "timed out": at the end of the patience.
Result<> wait_for_switch(Session& session, Remote remote, std::int64_t next_cfg, const Patience& patience,
                         std::FILE* err);

// Tells on `err` which of the new interfaces the switch could not set up, and why. The result: how many.
Result<std::size_t> report_failed_interfaces(Session& session, const std::vector<Uuid>& interfaces, std::FILE* err);

}  // namespace weft::vsctl
