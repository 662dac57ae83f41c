// The keys of a network that are about its tunnel: vni, group, remotes, kind, tunnel, udp-port.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "topology/complaints.hpp"
#include "topology/fields.hpp"
#include "topology/topology.hpp"

namespace weft::topology {

// What VXLAN adds to a packet of the overlay: outer IP, UDP, VXLAN and inner Ethernet headers.
std::uint32_t overhead_bytes(const Tunnel& tunnel);

// Of a network that has a vni. Complains where the hosts cannot carry it.
Tunnel read_tunnel(const Fields& fields, const std::string& usual_name, const std::vector<Host>& hosts,
                   Complaints& complaints);

// A network that shares another's tunnel: what it says of it must be the same.
void check_same_tunnel(const Fields& fields, const Network& network, Complaints& complaints);

// A network without a vni: it must not speak of a tunnel.
void check_no_tunnel(const Fields& fields, Complaints& complaints);

}  // namespace weft::topology
