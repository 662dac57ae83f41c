// After a commit: waiting until the switch has taken the new configuration up, and looking how that went.
#pragma once

#include <cstdio>
#include <vector>

#include "vsctl/session.hpp"

namespace weft::vsctl {

// After this time a line on `err` says what is being waited for.
inline constexpr std::chrono::seconds patience{5};

// Until Open_vSwitch.cur_cfg has reached `next_cfg`; for ever, if need be: --timeout bounds it. A lost connection is
// made anew, since the change is committed.
Result<> wait_for_switch(Session& session, const std::string& remote, std::int64_t next_cfg, std::FILE* err);

// Tells on `err` which of the new interfaces the switch could not set up, and why.
Result<> report_failed_interfaces(Session& session, const std::vector<Uuid>& interfaces, std::FILE* err);

}  // namespace weft::vsctl
