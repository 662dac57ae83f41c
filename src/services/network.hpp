// A network that a bridge serves, ready to be asked whose an address is.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/services.hpp"

namespace weft::services {

struct NetworkKey {
  std::string bridge = {};
  std::uint16_t vlan = 0;  // 0: frames without a tag.

  auto operator<=>(const NetworkKey&) const = default;
};

enum class Family : std::uint8_t { ipv4, ipv6 };
inline Family family_of(const IpAddress& address) { return address.is_v4() ? Family::ipv4 : Family::ipv6; }

class Network {
 public:
  // `mtu_bytes`: what the bridge's tunnels carry; 0: there is none. What the network itself says comes first.
  Network(const model::ServedNetwork& served, std::uint32_t mtu_bytes);
  // All of the bridge's.
  void add_guest(const std::string& device, const model::Guest& guest);
  // The ports of the network that lead to other hosts.
  void add_tunnel(const std::string& device) { tunnels_.push_back(device); }

  const model::ServedNetwork& served() const { return served_; }
  const std::vector<std::string>& tunnels() const { return tunnels_; }
  std::optional<std::uint32_t> mtu_bytes() const;
  const std::optional<Subnet>& subnet(Family family) const {
    return family == Family::ipv4 ? served_.subnet4 : served_.subnet6;
  }
  // None: nothing is known of who is behind the port.
  const model::Guest* guest(const std::string& device) const;

  // The address that configuration has for whoever has this MAC behind this port: the port's own, or else that of a
  // neighbour with the MAC. None: it gets one of the pool.
  std::optional<IpAddress> fixed_address(const std::string& device, const MacAddress& mac, Family family) const;
  // It is somebody's by configuration, or the network's own: the pool has not got it.
  bool is_reserved(const IpAddress& address) const { return reserved_.contains(address); }

  // From which addresses are given out to those who have no fixed one: so many, from this on.
  struct Pool {
    IpAddress first = {};
    std::uint32_t count = 0;
  };
  std::optional<Pool> pool(Family family) const;

  bool is_in_pool(const IpAddress& address) const;
  // Addresses of the pool that are reserved.
  std::uint32_t reserved_count(Family family) const { return family == Family::ipv4 ? reserved4_ : reserved6_; }

  // Who is behind the port gets its IPv6 address by DHCP: a fixed one, or because the prefix has not the 64 bits with
  // which it could make one by itself (SLAAC). To be asked where there is an IPv6 subnet.
  bool is_managed6(const std::string& device) const;

 private:
  void reserve(const IpAddress& address);

  model::ServedNetwork served_;
  std::uint32_t tunnel_mtu_bytes_;
  std::vector<std::string> tunnels_ = {};
  std::map<std::string, model::Guest> guests_ = {};  // By device.
  std::map<IpAddress, std::string> owners_ = {};     // Of guests' addresses: their devices.
  std::map<std::pair<MacAddress, Family>, IpAddress> by_mac_ = {};
  std::set<IpAddress> reserved_ = {};
  std::uint32_t reserved4_ = 0, reserved6_ = 0;  // In the pools.
};

}  // namespace weft::services
