// OpenFlow port numbers of a bridge's ports: stable as long as a port lives, as ovs-vswitchd.conf.db(5) says of
// Interface "ofport" and "ofport_request".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/uuid.hpp"

namespace weft::reconcile {

inline constexpr std::uint16_t greatest_ofport = 65279;  // OpenFlow 1.0 reserves the numbers above.

struct OfportClaim {
  Uuid interface = {};
  std::optional<std::int64_t> present = {};    // The number it has; may be out of range: then it has none.
  std::optional<std::int64_t> requested = {};  // Granted if no other port has it.
};

// The number of every port of one bridge, its own port aside. A port keeps the number it has, unless it asks for
// another that is free; whoever has none gets the lowest free one, in the order of `claims`. A port beyond the last
// number is not in the result.
std::map<Uuid, std::uint16_t> allocate_ofports(const std::vector<OfportClaim>& claims);

}  // namespace weft::reconcile
