// What stands on a host when a pair fails there: devices, the switch's ports, its addresses, its drops. A script looks,
// and its output becomes a value. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lab/verify_roll.hpp"

namespace weft::lab {

struct LinkView {
  bool is_up = false, has_carrier = false;
  std::uint32_t mtu_bytes = 0;
  std::string master = {};  // The Linux bridge that it is in.
  std::string kind = {};    // "vxlan", "veth", ...
  std::uint32_t vni = 0;    // Of a vxlan device, as the next three.
  std::uint16_t udp_port = 0;
  std::string remote = {};               // Its group or its only remote.
  std::string lower = {};                // The device that it is over.
  std::uint64_t received = 0, sent = 0;  // Packets; sent are also those that a firewall stopped behind the device.
  bool operator==(const LinkView&) const = default;
};

struct PortView {
  std::string bridge = {};
  std::uint16_t tag = 0;
  std::string error = {};          // Interface.error
  std::string ofport = {};         // As `ovs-appctl fdb/show` tells it.
  std::string guest_address = {};  // Interface.status:ip_address, that the switch gave a guest.
  bool operator==(const PortView&) const = default;
};

struct AddressView {
  std::string port = {};  // By name; by number, where that is no port's.
  std::uint16_t vlan = 0;
  MacAddress mac = {};
  bool operator==(const AddressView&) const = default;
};

struct DropView {
  std::string port = {}, reason = {}, text = {};
  std::uint64_t frames = 0;
  bool operator==(const DropView&) const = default;
};

// A rule of nftables that keeps UDP packets to one port away.
struct FilterView {
  std::string family = {}, table = {}, chain = {};
  std::uint32_t handle = 0;
  std::uint16_t udp_port = 0;
  bool operator==(const FilterView&) const = default;
};

struct HostView {
  std::map<std::string, LinkView> links = {};
  std::string switch_trouble = {};  // Why the switch's daemon does not answer; empty: it does, or there is none.
  std::map<std::string, PortView> ports = {};
  std::map<std::string, std::vector<AddressView>> addresses = {};  // By bridge.
  std::vector<DropView> drops = {};
  std::vector<FilterView> filters = {};
  std::map<std::string, std::string> routes = {};  // By destination: the device that it is reached through, or "".
  bool operator==(const HostView&) const = default;

  const LinkView* link(const std::string& name) const {
    const auto found = links.find(name);
    return found != links.end() ? &found->second : nullptr;
  }
  const PortView* port(const std::string& name) const {
    const auto found = ports.find(name);
    return found != ports.end() ? &found->second : nullptr;
  }
};

// Where the host's tunnels send to: their groups, or the other hosts' underlay addresses.
std::vector<IpAddress> tunnel_destinations(const topology::Topology& lab, const topology::Host& host);

// For /bin/sh on the host. It never fails; what cannot be asked is told as such.
std::string look_script(const topology::Topology& lab, const topology::Host& host);
HostView read_view(std::string_view output);

}  // namespace weft::lab
