// Reasons that can be seen without sending anything: first the two endpoints, then their ports, then the way between.
#include <fmt/format.h>

#include "lab/verify_case.hpp"

namespace weft::lab {
namespace {

using Rule = std::optional<Reason> (*)(const Case&);

constexpr std::uint32_t ipv4_overhead_bytes = 50, ipv6_overhead_bytes = 70;  // IP, UDP, VXLAN, Ethernet,
constexpr std::uint32_t vlan_tag_bytes = 4;                                  // and the inner frame's tag.

std::string on(const End& end) { return fmt::format("{} on {}", end.endpoint->name, end.host->name); }

// The first reason of a rule about one end, the sender's first.
template <class EndRule>
std::optional<Reason> at_either_end(const Case& open, EndRule rule) {
  for (const auto* end : open.ends()) {
    if (auto reason = rule(*end)) return reason;
  }
  return std::nullopt;
}

// --- endpoints ------------------------------------------------------------------------------------------------------

std::optional<Reason> endpoint_is_missing(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr || end.found->trouble.empty()) return std::nullopt;
    return Reason{fmt::format("{} cannot be asked: {}", on(end), end.found->trouble), "this machine", "weft lab up"};
  });
}

std::optional<Reason> device_is_down(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr || end.found->is_up) return std::nullopt;
    return Reason{fmt::format("the device {} of {} is down", end.found->device, on(end)), end.endpoint->name,
                  fmt::format("ip link set {} up", end.found->device)};
  });
}

std::optional<Reason> port_device_is_down(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    const auto* link = end.view != nullptr ? end.view->link(end.member->port) : nullptr;
    if (link == nullptr || link->is_up) return std::nullopt;
    return Reason{fmt::format("{}, which is the port of {}, is down", end.member->port, on(end)), end.host->name,
                  fmt::format("ip link set {} up", end.member->port)};
  });
}

std::optional<Reason> address_is_missing(const Case& open) {
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr) return std::nullopt;
    const bool lacks_ipv4 = open.fails_ipv4 && end.endpoint->address4 && !end.found->has_address4;
    const bool lacks_ipv6 = open.fails_ipv6 && end.endpoint->address6 && !end.found->has_address6;
    if (!lacks_ipv4 && !lacks_ipv6) return std::nullopt;
    const auto& address = lacks_ipv4 ? *end.endpoint->address4 : *end.endpoint->address6;
    const auto& subnet = lacks_ipv4 ? open.network->subnet4 : open.network->subnet6;
    const auto bits = subnet ? subnet->prefix_bits() : std::uint8_t{lacks_ipv4 ? std::uint8_t{32} : std::uint8_t{128}};
    return Reason{fmt::format("{} has no address {}", on(end), address.to_string()), end.endpoint->name,
                  fmt::format("ip address add {}/{} dev {}", address.to_string(), bits, end.found->device)};
  });
}

std::optional<Reason> guest_has_no_address(const Case& open) {
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    const auto* port = end.endpoint->is_guest && end.view != nullptr ? end.view->port(end.member->port) : nullptr;
    const bool is_served = open.network->has_dhcp && end.host->switch_kind == topology::SwitchKind::weft;
    if (port == nullptr || !is_served || open.failing != Failing::everything || !port->guest_address.empty())
      return std::nullopt;
    return Reason{fmt::format("the guest {} has no address: it has not asked for one by DHCP", on(end)), "this machine",
                  fmt::format("weft lab console {}", end.endpoint->name)};
  });
}

std::optional<Reason> mac_differs(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr || end.found->mac == end.endpoint->mac) return std::nullopt;
    return Reason{fmt::format("{} of {} has the MAC address {}, its lab's file says {}", end.found->device, on(end),
                              end.found->mac.to_string(), end.endpoint->mac.to_string()),
                  end.endpoint->name,
                  fmt::format("ip link set {} address {}", end.found->device, end.endpoint->mac.to_string())};
  });
}

std::optional<Reason> endpoint_mtu_is_small(const Case& open) {
  if (open.failing != Failing::full_size) return std::nullopt;
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    const auto wanted = end.endpoint->mtu_bytes;
    if (end.found != nullptr && end.found->mtu_bytes < wanted) {
      return Reason{fmt::format("{} of {} has MTU {}, its network needs {}", end.found->device, on(end),
                                end.found->mtu_bytes, wanted),
                    end.endpoint->name, fmt::format("ip link set {} mtu {}", end.found->device, wanted)};
    }
    const auto* link = end.view != nullptr ? end.view->link(end.member->port) : nullptr;
    if (link == nullptr || link->mtu_bytes >= wanted) return std::nullopt;
    return Reason{fmt::format("{}, which is the port of {}, has MTU {}, its network needs {}", end.member->port,
                              on(end), link->mtu_bytes, wanted),
                  end.host->name, fmt::format("ip link set {} mtu {}", end.member->port, wanted)};
  });
}

// --- ports ----------------------------------------------------------------------------------------------------------

// `port` should be one of the bridge, and the switch happy with it.
std::optional<Reason> wrong_port(const End& end, const std::string& port, const std::string& bridge) {
  if (end.view == nullptr || !end.view->switch_trouble.empty()) return std::nullopt;
  if (end.host->switch_kind == topology::SwitchKind::linux_bridge) {
    const auto* link = end.view->link(port);
    if (link == nullptr || link->master == bridge) return std::nullopt;
    return Reason{fmt::format("{} is no port of the bridge {} on {}", port, bridge, end.host->name), end.host->name,
                  fmt::format("ip link set {} master {}", port, bridge)};
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
std::string remake_command(const topology::Tunnel& tunnel, const topology::Host& host, std::string_view option,
                           std::uint32_t value) {
  const bool is_ours = tunnel.kind == topology::Tunnel::Kind::port;
  if (is_ours) return fmt::format("ovs-vsctl set Interface {} options:{}={}", tunnel.name, option, value);
  return fmt::format(
      "ip link delete {0}; ip link add {0} type vxlan id {1} dstport {2}{3} dev {4} && ip link set {0} up", tunnel.name,
      tunnel.vni, tunnel.udp_port, tunnel.group ? " group " + tunnel.group->to_string() : "", host.device);
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
                    fmt::format("ip link set {} up", tunnel.name)};
    }
    if (link->kind == "vxlan" && link->vni != tunnel.vni) {
      return Reason{fmt::format("the VNI differs: {} on {} has {}, the lab's file says {}", tunnel.name, host,
                                link->vni, tunnel.vni),
                    host, remake_command(tunnel, *end.host, "key", tunnel.vni)};
    }
    if (link->kind == "vxlan" && link->udp_port != tunnel.udp_port) {
      return Reason{fmt::format("the UDP port differs: {} on {} has {}, the lab's file says {}", tunnel.name, host,
                                link->udp_port, tunnel.udp_port),
                    host, remake_command(tunnel, *end.host, "dst_port", tunnel.udp_port)};
    }
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
                  fmt::format("ip link set {} up", device)};
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

// A kernel vxlan device that has its underlay device sends to a group there, whatever the routes.
std::optional<Reason> route_is_missing(const Case& open) {
  if (!open.crosses_hosts()) return std::nullopt;
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    if (end.view == nullptr) return std::nullopt;
    const auto* tunnel = end.view->link(open.network->tunnel->name);
    for (const auto& destination : tunnel_destinations(*open.lab, *end.host)) {
      const auto route = end.view->routes.find(destination.to_string());
      const bool is_needed = !destination.is_multicast() || tunnel == nullptr || tunnel->lower.empty();
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
        end.host->name, fmt::format("ip link set {} mtu {}", end.host->device, needed)};
  });
}

constexpr std::array<Rule, 13> rules{
    endpoint_is_missing, device_is_down,        port_device_is_down, address_is_missing, endpoint_mtu_is_small,
    mac_differs,         port_is_wrong,         tunnel_is_wrong,     underlay_is_down,   underlay_has_no_carrier,
    route_is_missing,    underlay_mtu_is_small, guest_has_no_address};

}  // namespace

std::optional<Reason> reason_at_sight(const Case& open) {
  for (const auto rule : rules) {
    if (auto reason = rule(open)) return reason;
  }
  return std::nullopt;
}

}  // namespace weft::lab
