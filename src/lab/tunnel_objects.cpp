#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hosts/place.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

using topology::Tunnel;

// The first address of the host's underlay in the tunnel's family.
std::optional<IpAddress> address_for(const Tunnel& tunnel, const topology::Host& host) {
  for (const auto& address : host.underlay) {
    if (address.address.is_v4() != tunnel.is_over_ipv6) return address.address;
  }
  return {};
}

// Of all other hosts; none where a group finds them.
std::vector<std::string> remotes(const Site& site, const Tunnel& tunnel) {
  std::vector<std::string> found;
  if (tunnel.group) return {tunnel.group->to_string()};
  for (const auto& other : site.lab->hosts) {
    if (other.name == site.host->name) continue;
    if (const auto address = address_for(tunnel, other)) found.push_back(address->to_string());
  }
  return found;
}

std::string local_words(const Site& site, const Tunnel& tunnel, std::string_view word) {
  const auto address = address_for(tunnel, *site.host);
  // Over IPv4 the kernel finds it by itself; of IPv6 it has to be told that it is.
  return address && tunnel.is_over_ipv6 ? fmt::format(" {}{}", word, address->to_string()) : "";
}

// A device of the kernel, as in the tutorial.
Commands make_device(const Site& site, const Tunnel& tunnel) {
  const auto group = tunnel.group ? fmt::format(" group {}", tunnel.group->to_string()) : "";
  Commands commands = {
      ip(fmt::format("link add name {} type vxlan id {} dstport {}{}{} dev {}", tunnel.name, tunnel.vni,
                     tunnel.udp_port, local_words(site, tunnel, "local "), group, site.host->device))};
  if (!tunnel.group) {
    for (const auto& remote : remotes(site, tunnel)) {
      commands.push_back(shell(fmt::format("bridge fdb append 00:00:00:00:00:00 dev {} dst {}", tunnel.name, remote)));
    }
  }
  return commands;
}

// A port that the switch makes by itself.
Command make_port(const Site& site, const std::string& bridge, const Tunnel& tunnel) {
  return vsctl(
      fmt::format("add-port {0} {1} -- set Interface {1} type=vxlan options:remote_ip={2} options:key={3} "
                  "options:dst_port={4}{5}{6}",
                  bridge, tunnel.name, hosts::quote(fmt::format("{}", fmt::join(remotes(site, tunnel), ","))),
                  tunnel.vni, tunnel.udp_port, local_words(site, tunnel, "options:local_ip="),
                  // Few hosts have a route to a group.
                  tunnel.group ? " options:dev=" + site.host->device : ""));
}

}  // namespace

Object tunnel_object(const Site& site, const topology::Network& network) {
  const auto& tunnel = *network.tunnel;
  const auto& bridge = network.bridge;
  Object object{.id = {Kind::tunnel, site.host->name, tunnel.name}, .needs = {{Kind::bridge, site.host->name, bridge}}};
  if (site.host->is_simulated()) object.needs.push_back({Kind::underlay, site.host->name, site.host->device});
  object.claims = {"/sys/class/net/" + tunnel.name};
  object.facts = {{"vni", tunnel.vni}, {"bridge", bridge}};

  // Open vSwitch takes one remote a port, and no group; its userspace knows no way to the underlay's device.
  if (tunnel.kind == Tunnel::Kind::port && site.host->switch_kind == topology::SwitchKind::weft) {
    object.create = {make_port(site, bridge, tunnel)};
    object.remove = {may_fail(vsctl(fmt::format("--if-exists del-port {} {}", bridge, tunnel.name)))};
    return object;
  }
  object.create = make_device(site, tunnel);
  if (site.has_ovsdb()) {
    object.create.push_back(vsctl(fmt::format("add-port {} {}", bridge, tunnel.name)));
    object.remove.push_back(may_fail(vsctl(fmt::format("--if-exists del-port {} {}", bridge, tunnel.name))));
    object.create.push_back(ip(fmt::format("link set dev {} up", tunnel.name)));
  } else {
    object.create.push_back(ip(fmt::format("link set dev {} master {} up", tunnel.name, bridge)));
  }
  object.remove.push_back(may_fail(ip(fmt::format("link delete dev {}", tunnel.name))));
  return object;
}

}  // namespace weft::lab
