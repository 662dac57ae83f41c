// What a bridge answers for its ports itself: addresses (DHCP, router advertisements), metadata, neighbours. Plain
// values, made from the database by reconcile/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/subnet.hpp"

namespace weft::model {

// Of one VLAN of a bridge.
struct ServedNetwork {
  std::optional<Subnet> subnet4 = {}, subnet6 = {};  // None: no DHCPv4; no DHCPv6 and no router advertisements.
  std::optional<IpAddress> router4 = {}, router6 = {};
  std::vector<IpAddress> dns = {};
  std::string domain = {};
  std::optional<IpAddress> pool4_first = {}, pool4_last = {};  // Within subnet4. None: all of its hosts.
  std::uint32_t lease_s = 3600;
  std::optional<std::uint32_t> mtu_bytes = {};  // None: what the bridge's tunnels carry.
  bool has_metadata = false;
  // Anywhere in the network: asked for, they are answered here; and whoever has such a MAC gets that address.
  std::map<IpAddress, MacAddress> neighbours = {};

  bool operator==(const ServedNetwork&) const = default;
};

// Who is behind a port.
struct Guest {
  std::optional<MacAddress> mac = {};
  // Its own; what it gets by DHCP (the first of a family), and what port security lets it use. None of a family: what
  // the network's pool has for it.
  std::vector<IpAddress> addresses = {};
  std::string hostname = {};
  std::string instance_id = {};
  std::vector<std::string> ssh_keys = {};
  std::string user_data = {};
  bool is_confined = false;  // Port security: sends from `mac` and `addresses` only.

  bool operator==(const Guest&) const = default;
};

}  // namespace weft::model
