// What the datapath is told of a bridge's services (model/services.hpp): whose frames it hands to weftd, what it
// answers itself, and what guests may send. Desired and observed alike.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "model/services.hpp"
#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"

namespace weft::model {

struct Neighbour {
  MacAddress mac = {};
  bool is_router = false;  // Neighbour advertisements say so; a host drops a router that ceases to be one.

  bool operator==(const Neighbour&) const = default;
};

// A VLAN of a bridge.
struct ServedVlan {
  // These requests of local ports go to weftd, and no answers to them are let in by any port.
  bool has_dhcp4 = false;
  bool has_ipv6 = false;  // DHCPv6 and router solicitations.
  bool has_metadata = false;
  std::map<IpAddress, Neighbour> neighbours = {};  // Whose addresses are told to local ports that ask.

  bool operator==(const ServedVlan&) const = default;
};
// Its neighbours, and the addresses that services answer from.
ServedVlan served_vlan(const ServedNetwork& network);

// Who is behind a port. In a served VLAN its addresses are told to other local ports.
struct PortGuest {
  std::optional<MacAddress> mac = {};
  std::set<IpAddress> addresses = {};
  // It sends from `mac` only (without one, nothing), and where `addresses` are given, from these and its link-local
  // one.
  bool is_confined = false;

  bool operator==(const PortGuest&) const = default;
};
PortGuest port_guest(const Guest& guest);

// 169.254.169.254, which DHCP answers from, too, and the Ethernet address of all that a bridge answers itself.
IpAddress metadata_address();
MacAddress service_mac();

}  // namespace weft::model
