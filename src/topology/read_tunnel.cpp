#include "topology/read_tunnel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace weft::topology {
namespace {

constexpr std::uint32_t overhead4_bytes = 20 + 8 + 8 + 14;
constexpr std::uint32_t overhead6_bytes = 40 + 8 + 8 + 14;
constexpr std::uint16_t usual_udp_port = 4789;

bool has_address(const Host& host, bool is_v4) {
  return std::ranges::any_of(host.underlay, [&](const auto& own) { return own.address.is_v4() == is_v4; });
}

// Keys that are not given are as `tunnel` has them.
Tunnel overlay_keys(const Fields& fields, Tunnel tunnel) {
  tunnel.vni = fields.number("vni").value_or(tunnel.vni);
  tunnel.name = fields.text_or("tunnel", tunnel.name);
  tunnel.udp_port = static_cast<std::uint16_t>(fields.number("udp-port").value_or(tunnel.udp_port));
  if (const auto kind = fields.text("kind")) tunnel.kind = *kind == "port" ? Tunnel::Kind::port : Tunnel::Kind::device;
  if (fields.has("remotes")) tunnel.group.reset();
  if (const auto group = fields.address("group")) tunnel.group = group;
  return tunnel;
}

// Which IP version the hosts reach one another by.
bool find_family(const Fields& fields, const Tunnel& tunnel, const std::vector<Host>& hosts, Complaints& complaints) {
  if (tunnel.group) {
    const bool is_v4 = tunnel.group->is_v4();
    for (const auto& host : hosts) {
      if (!host.is_simulated() || has_address(host, is_v4)) continue;
      complaints.add(fields.place("group"),
                     fmt::format("the group is {}, but host {} has no such address in the underlay",
                                 is_v4 ? "IPv4" : "IPv6", host.name));
    }
    return !is_v4;
  }
  if (hosts.size() < 2 || std::ranges::all_of(hosts, [](const Host& host) { return has_address(host, true); }))
    return false;
  if (std::ranges::all_of(hosts, [](const Host& host) { return has_address(host, false); })) return true;
  const auto bare = std::ranges::find_if(hosts, [](const Host& host) { return host.underlay.empty(); });
  if (bare != hosts.end()) {
    complaints.add(fields.place("remotes"),
                   fmt::format("host {} has no `underlay` address that the others could send to", bare->name));
  } else {
    complaints.add(fields.place("remotes"),
                   "some hosts have IPv4 and others IPv6 underlay addresses; give all of them one kind");
  }
  return false;
}

void check_port_kind(const Fields& fields, const Tunnel& tunnel, const std::vector<Host>& hosts,
                     Complaints& complaints) {
  if (tunnel.kind != Tunnel::Kind::port) return;
  for (const auto& host : hosts) {
    if (host.switch_kind == SwitchKind::linux_bridge) {
      complaints.add(fields.place("kind"),
                     fmt::format("host {} has a Linux bridge, which knows no ports of type=vxlan; "
                                 "expected kind: device",
                                 host.name));
    } else if (host.switch_kind == SwitchKind::openvswitch && tunnel.group) {
      complaints.add(fields.place("kind"), fmt::format("host {} has Open vSwitch, whose tunnel ports know no groups; "
                                                       "expected kind: device, or remotes: all",
                                                       host.name));
    }
  }
}

}  // namespace

std::uint32_t overhead_bytes(const Tunnel& tunnel) { return tunnel.is_over_ipv6 ? overhead6_bytes : overhead4_bytes; }

Tunnel read_tunnel(const Fields& fields, const std::string& usual_name, const std::vector<Host>& hosts,
                   Complaints& complaints) {
  Tunnel usual;
  usual.name = usual_name;
  usual.udp_port = usual_udp_port;
  auto tunnel = overlay_keys(fields, usual);
  if (fields.has("group") && fields.has("remotes")) {
    complaints.add(fields.place("remotes"), "a network has a group or remotes, not both");
  } else if (!fields.has("group") && !fields.has("remotes") && hosts.size() > 1) {
    complaints.add(fields.place(),
                   "the network has no way from host to host; expected `group: 239.0.0.1` (multicast), "
                   "or `remotes: all` where the underlay carries no multicast");
    return tunnel;
  }
  tunnel.is_over_ipv6 = find_family(fields, tunnel, hosts, complaints);
  check_port_kind(fields, tunnel, hosts, complaints);
  return tunnel;
}

void check_same_tunnel(const Fields& fields, const Network& network, Complaints& complaints) {
  if (overlay_keys(fields, *network.tunnel) == *network.tunnel) return;
  constexpr auto keys = std::to_array<std::string_view>({"vni", "group", "remotes", "kind", "tunnel", "udp-port"});
  const auto key = std::ranges::find_if(keys, [&](auto one) { return fields.has(one); });
  complaints.add(fields.place(*key),
                 fmt::format("bridge {} has the tunnel {} with VNI {} already; networks of one bridge share it",
                             network.bridge, network.tunnel->name, network.tunnel->vni));
}

void check_no_tunnel(const Fields& fields, Complaints& complaints) {
  for (const std::string_view key : {"group", "remotes", "tunnel", "udp-port"}) {
    if (!fields.has(key)) continue;
    complaints.add(fields.place(key),
                   fmt::format("{} stands without vni; expected the tunnel's VNI, like `vni: 100`", key));
    return;
  }
}

}  // namespace weft::topology
