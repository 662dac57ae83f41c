// Containers and virtual machines alike, while they are read: where each is, and its place in a network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "topology/fields.hpp"
#include "topology/read_hosts.hpp"
#include "topology/topology.hpp"

namespace weft::topology {

struct EndpointDraft {
  std::string name = {};
  std::string host = {};
  bool is_machine = false;
  Fields fields = {};
  const Network* network = nullptr;
  std::optional<std::size_t> group = {};  // Its number; none: it stands alone.
  std::uint32_t member = 0;               // Within its group, from 0.
  Attachment attachment = {};
};

// What `containers` and `vms` make, in the file's order, with hosts and networks found; those whose host or network
// is not there are left out, with a complaint. Names are taken from `names`. The networks must outlive the drafts.
std::vector<EndpointDraft> read_endpoints(const YamlNode& file, const Machines& machines,
                                          const std::vector<Network>& networks, TakenNames& names,
                                          Complaints& complaints);

}  // namespace weft::topology
