// Carrying out what a line has changed, as one transaction.
#pragma once

#include <string>
#include <vector>

#include "vsctl/session.hpp"
#include "vsctl/view.hpp"

namespace weft::vsctl {

struct CommitOptions {
  std::string comment;          // For the database's log.
  bool wait_for_switch = true;  // Count next_cfg up.
  bool dry_run = false;
};

struct Committed {
  std::map<Uuid, Uuid> final_uuids;      // From the View's UUID of a new row to the server's.
  std::vector<Uuid> new_interfaces;      // Final UUIDs.
  std::optional<std::int64_t> next_cfg;  // Present: the switch is to be waited for.
};

// Error tagged `stale`: another client changed what the line was decided on; run it again. Other errors of the
// database: "transaction error: {...}". A line without changes talks to nobody.
Result<Committed> commit(Session& session, const View& view, const CommitOptions& options);

}  // namespace weft::vsctl
