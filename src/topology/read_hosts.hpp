// The sections `hosts`, `underlay` and `links`: machines and the wires between them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "topology/complaints.hpp"
#include "topology/members.hpp"
#include "topology/topology.hpp"
#include "topology/yaml_tree.hpp"

namespace weft::topology {

struct Machines {
  std::vector<Host> hosts = {};
  std::vector<Link> links = {};
  std::map<std::string, std::vector<std::string>> groups = {};  // What a name means: a host, or those of a group.
};

// Where nothing is said, simulated hosts have underlay addresses by their order, and share one segment. Hosts' names
// are taken from `names`.
Machines read_hosts(const YamlNode& file, TakenNames& names, Complaints& complaints);

}  // namespace weft::topology
