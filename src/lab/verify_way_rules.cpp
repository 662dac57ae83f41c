// Reasons that are seen between the endpoints: their ports, then the way between hosts.
#include "lab/verify_rules.hpp"

namespace weft::lab {
namespace {

constexpr std::uint32_t ipv4_overhead_bytes = 50, ipv6_overhead_bytes = 70;  // IP, UDP, VXLAN, Ethernet,
constexpr std::uint32_t vlan_tag_bytes = 4;                                  // and the inner frame's tag.

// --- ports ----------------------------------------------------------------------------------------------------------

// `port` should be one of the bridge, and the switch happy with it.
std::optional<Reason> wrong_port(const End& end, const std::string& port, const std::string& bridge) {
  if (end.view == nullptr || !end.view->switch_trouble.empty()) return std::nullopt;
  if (end.host->switch_kind == topology::SwitchKind::linux_bridge) {
    const auto* link = end.view->link(port);
    if (link == nullptr || link->master == bridge) return std::nullopt;
    return Reason{fmt::format("{} is no port of the bridge {} on {}", port, bridge, end.host->name), end.host->name,
                  fmt::format("ip link set dev {} master {}", port, bridge)};
  }
  const auto* found = end.view->port(port);
  if (found == nullptr || found->bridge.empty()) {
    return Reason{fmt::format("{} is no port of the bridge {} on {}", port, bridge, end.host->name), end.host->name,
                  fmt::format("ovs-vsctl add-port {} {}", bridge, port)};
  }
  if (found->bridge != bridge) {
    return Reason{
        fmt::format("{} is a port of the bridge {} on {}, not of {}", port, found->bridge, end.host->name, bridge),
        end.host->name, fmt::format("ovs-vsctl del-port {} -- add-port {} {}", port, bridge, port)};
  }
  if (found->error.empty()) return std::nullopt;
  return Reason{fmt::format("the switch on {} cannot use the port {}: {}", end.host->name, port, found->error),
                end.host->name, fmt::format("ovs-vsctl list Interface {}", port)};
}

std::optional<Reason> bridge_is_missing(const Case& open) {
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    const auto& bridge = open.network->bridge;
    if (end.view == nullptr || end.view->links.empty() || end.view->link(bridge) != nullptr) return std::nullopt;
    return Reason{fmt::format("{} has no bridge {}", end.host->name, bridge), "this machine", "weft lab up"};
  });
}

std::optional<Reason> port_is_wrong(const Case& open) {
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    if (auto reason = wrong_port(end, end.member->port, open.network->bridge)) return reason;
    const auto* port = end.view != nullptr ? end.view->port(end.member->port) : nullptr;
    if (port == nullptr || port->tag == open.network->vlan || port->bridge.empty()) return std::nullopt;
    const auto wanted = open.network->vlan;
    return Reason{fmt::format("the port {} of {} is in VLAN {}, its network is VLAN {}", end.member->port, on(end),
                              port->tag, wanted),
                  end.host->name,
                  wanted == 0 ? fmt::format("ovs-vsctl clear Port {} tag", end.member->port)
                              : fmt::format("ovs-vsctl set Port {} tag={}", end.member->port, wanted)};
  });
}

// --- the way between hosts ------------------------------------------------------------------------------------------

// A kernel's device keeps the VNI and the port that it was made with; a port of the switch is told.
std::string remake_command(const Case& open, const End& end, std::string_view option, const std::string& value) {
  const auto& tunnel = *open.network->tunnel;
  const bool is_ours = tunnel.kind == topology::Tunnel::Kind::port;
  if (is_ours) return fmt::format("ovs-vsctl set Interface {} options:{}={}", tunnel.name, option, value);
  auto command = fmt::format("ip link delete dev {0}; ip link add name {0} type vxlan id {1} dstport {2}{3} dev {4}",
                             tunnel.name, tunnel.vni, tunnel.udp_port,
                             tunnel.group ? " group " + tunnel.group->to_string() : "", end.host->device);
  for (const auto& remote : tunnel_destinations(*open.lab, *end.host)) {
    if (tunnel.group || remote.is_multicast() || remote.is_v4() == tunnel.is_over_ipv6) continue;
    command += fmt::format(" && bridge fdb append 00:00:00:00:00:00 dev {} dst {}", tunnel.name, remote.to_string());
  }
  return command + fmt::format(" && ip link set dev {} up", tunnel.name);
}

std::optional<Reason> wrong_group(const Case& open, const End& end, const LinkView& link) {
  const auto& tunnel = *open.network->tunnel;
  if (!tunnel.group || link.kind != "vxlan" || IpAddress::parse(link.remote) == tunnel.group) return std::nullopt;
  return Reason{fmt::format("the group differs: {} on {} has {}, the lab's file says {}", tunnel.name, end.host->name,
                            link.remote.empty() ? "none" : link.remote, tunnel.group->to_string()),
                end.host->name, remake_command(open, end, "remote_ip", tunnel.group->to_string())};
}

std::optional<Reason> tunnel_is_wrong(const Case& open) {
  if (!open.crosses_hosts()) return std::nullopt;
  if (!open.network->tunnel) {
    return Reason{fmt::format("the network {} has no tunnel, but is on {} and {}", open.network->name,
                              open.from.host->name, open.to.host->name),
                  "this machine", "weft lab init"};
  }
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    const auto& tunnel = *open.network->tunnel;
    if (end.view == nullptr) return std::nullopt;
    const auto* link = end.view->link(tunnel.name);
    const auto& host = end.host->name;
    if (link == nullptr) {
      const auto* port = end.view->port(tunnel.name);
      return Reason{fmt::format("{} has no tunnel device {}{}", host, tunnel.name,
                                port != nullptr && !port->error.empty() ? ": " + port->error : ""),
                    "this machine", "weft lab up"};
    }
    if (!link->is_up) {
      return Reason{fmt::format("the tunnel device {} on {} is down", tunnel.name, host), host,
                    fmt::format("ip link set dev {} up", tunnel.name)};
    }
    if (link->kind == "vxlan" && link->vni != tunnel.vni) {
      return Reason{fmt::format("the VNI differs: {} on {} has {}, the lab's file says {}", tunnel.name, host,
                                link->vni, tunnel.vni),
                    host, remake_command(open, end, "key", std::to_string(tunnel.vni))};
    }
    if (link->kind == "vxlan" && link->udp_port != tunnel.udp_port) {
      return Reason{fmt::format("the UDP port differs: {} on {} has {}, the lab's file says {}", tunnel.name, host,
                                link->udp_port, tunnel.udp_port),
                    host, remake_command(open, end, "dst_port", std::to_string(tunnel.udp_port))};
    }
    if (auto reason = wrong_group(open, end, *link)) return reason;
    return wrong_port(end, tunnel.name, open.network->bridge);
  });
}

std::optional<Reason> underlay_is_down(const Case& open) {
  if (!open.crosses_hosts()) return std::nullopt;
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    const auto& device = end.host->device;
    const auto* link = end.view != nullptr ? end.view->link(device) : nullptr;
    if (end.view == nullptr || (link != nullptr && link->is_up)) return std::nullopt;
    if (link == nullptr) {
      return Reason{fmt::format("{} has no underlay device {}", end.host->name, device), "this machine", "weft lab up"};
    }
    return Reason{fmt::format("the underlay device {} of {} is down", device, end.host->name), end.host->name,
                  fmt::format("ip link set dev {} up", device)};
  });
}

// Asked after it is clear that neither device is down: one that is takes the other's carrier away.
std::optional<Reason> underlay_has_no_carrier(const Case& open) {
  if (!open.crosses_hosts()) return std::nullopt;
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    const auto* link = end.view != nullptr ? end.view->link(end.host->device) : nullptr;
    if (link == nullptr || link->has_carrier) return std::nullopt;
    return Reason{
        fmt::format("the underlay device {} of {} has no carrier: its cable, or the switch behind it, is down",
                    end.host->device, end.host->name),
        end.host->name, fmt::format("ethtool {}", end.host->device)};
  });
}

// A vxlan device that has its underlay device sends to a group there, whatever the routes. The switch asks them only
// where its port names no device; then there is none, and no tunnel.
bool follows_routes(const topology::Tunnel& tunnel, const HostView& view) {
  const auto* port = view.port(tunnel.name);
  return tunnel.kind == topology::Tunnel::Kind::port && view.link(tunnel.name) == nullptr && port != nullptr &&
         !port->error.empty();
}

std::optional<Reason> route_is_missing(const Case& open) {
  if (!open.crosses_hosts() || !open.network->tunnel) return std::nullopt;
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    if (end.view == nullptr) return std::nullopt;
    for (const auto& destination : tunnel_destinations(*open.lab, *end.host)) {
      const auto route = end.view->routes.find(destination.to_string());
      const bool is_needed = !destination.is_multicast() || follows_routes(*open.network->tunnel, *end.view);
      if (route == end.view->routes.end() || !route->second.empty() || !is_needed) continue;
      const auto& device = end.host->device;
      if (destination.is_multicast()) {
        return Reason{fmt::format("{} has no route to the multicast group {}", end.host->name, destination.to_string()),
                      end.host->name, fmt::format("ip route add {} dev {}", destination.to_string(), device)};
      }
      return Reason{
          fmt::format("{} has no route to {}, the other end of its tunnel", end.host->name, destination.to_string()),
          end.host->name, fmt::format("ip route add {} dev {}", destination.to_string(), device)};
    }
    return std::nullopt;
  });
}

std::optional<Reason> underlay_mtu_is_small(const Case& open) {
  if (!open.crosses_hosts() || open.failing == Failing::everything || open.failing == Failing::resolution)
    return std::nullopt;
  const auto needed = open.network->mtu_bytes + (open.network->vlan == 0 ? 0 : vlan_tag_bytes) +
                      (open.network->tunnel->is_over_ipv6 ? ipv6_overhead_bytes : ipv4_overhead_bytes);
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    const auto* link = end.view != nullptr ? end.view->link(end.host->device) : nullptr;
    if (link == nullptr || link->mtu_bytes >= needed) return std::nullopt;
    return Reason{
        fmt::format("the underlay device {} of {} has MTU {}: packets of {} bytes, as large as the network {} "
                    "carries, need {} there",
                    end.host->device, end.host->name, link->mtu_bytes, open.network->mtu_bytes, open.network->name,
                    needed),
        end.host->name, fmt::format("ip link set dev {} mtu {}", end.host->device, needed)};
  });
}

// A tunnel that the switch could not make has its reason in the underlay.
constexpr std::array rules{Rule{bridge_is_missing},       Rule{port_is_wrong},    Rule{underlay_is_down},
                           Rule{underlay_has_no_carrier}, Rule{route_is_missing}, Rule{tunnel_is_wrong},
                           Rule{underlay_mtu_is_small}};

}  // namespace

std::optional<Reason> reason_on_the_way(const Case& open) { return first_reason(rules, open); }

}  // namespace weft::lab
