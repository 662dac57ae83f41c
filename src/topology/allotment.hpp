// Who gets which address: those that the file names; those that they have already; and the others by their order.
//
// Stable: endpoints that stand alone come first, in the file's order; then the groups' members in turn, the first of
// each group, the second of each, and so on. So where a group grows at its end, nobody else's address changes as long
// as the subnet holds all positions; beyond its end, what is left free is given. Who would get by its
// place what another keeps, gets the first that is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "topology/complaints.hpp"
#include "wire/ip_address.hpp"
#include "wire/subnet.hpp"

namespace weft::topology {

struct Wish {
  std::string name = {};                  // For messages.
  Place place = {};                       // Of the address, or of who wishes one.
  std::optional<IpAddress> address = {};  // By the file; of a group its first member's. None: any.
  // That it has already: it keeps it, if it is of the subnet, and nobody is named it. The first of several who wish so.
  std::optional<IpAddress> kept = {};
  std::optional<std::size_t> group = {};
  std::uint32_t member = 0;  // Within its group.
};

// An address for each wish, none for those that were complained of. `reserved`: given to none but who names them.
// `refused`: given to nobody.
std::vector<std::optional<IpAddress>> allot(const Subnet& subnet, const std::vector<Wish>& wishes,
                                            const std::optional<IpAddress>& refused,
                                            const std::vector<IpAddress>& reserved, Complaints& complaints);

}  // namespace weft::topology
