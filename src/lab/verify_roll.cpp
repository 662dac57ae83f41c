#include "lab/verify_roll.hpp"

#include <algorithm>

namespace weft::lab {
namespace {

constexpr std::uint16_t guest_port = 22;  // Open or not, a guest's kernel answers there.

void add(Roll& roll, const std::string& name, const std::string& host, const topology::Attachment& place,
         bool is_guest) {
  const auto& networks = roll.lab->networks;
  const auto network = std::ranges::find(networks, place.network, &topology::Network::name);
  roll.endpoints.push_back({.name = name,
                            .network = static_cast<std::uint32_t>(network - networks.begin()),
                            .mac = place.mac,
                            .address4 = place.address4,
                            .address6 = place.address6,
                            .mtu_bytes = network->mtu_bytes,
                            .is_guest = is_guest});
  auto& endpoint = roll.endpoints.back();
  if (is_guest) endpoint.tcp_port4 = endpoint.tcp_port6 = guest_port;
  roll.members.push_back({.host = host, .port = place.port, .netns = is_guest ? "" : "/run/netns/" + name});
}

}  // namespace

Roll call_roll(const topology::Topology& lab) {
  Roll roll{.lab = &lab};
  for (const auto& container : lab.containers) add(roll, container.name, container.host, container.attachment, false);
  for (const auto& machine : lab.machines) add(roll, machine.name, machine.host, machine.attachment, true);
  return roll;
}

prober::Endpoints endpoints_for(const Roll& roll, const std::string& host) {
  auto endpoints = roll.endpoints;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (roll.members[i].host == host) endpoints[i].netns = roll.members[i].netns;
  }
  return endpoints;
}

}  // namespace weft::lab
