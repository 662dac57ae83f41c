// Reasons that are seen at the two endpoints, and at others of their network that take what is theirs.
#include <algorithm>

#include "lab/verify_rules.hpp"

namespace weft::lab {
namespace {

// Those of the versions of IP that fail.
std::vector<IpAddress> failing_addresses(const Case& open, const End& end) {
  std::vector<IpAddress> addresses;
  if (open.fails_ipv4 && end.endpoint->address4) addresses.push_back(*end.endpoint->address4);
  if (open.fails_ipv6 && end.endpoint->address6) addresses.push_back(*end.endpoint->address6);
  return addresses;
}

// As an endpoint of the network should have it.
InterfaceAddress with_prefix(const topology::Network& network, const IpAddress& address) {
  const auto& subnet = address.is_v4() ? network.subnet4 : network.subnet6;
  const auto whole = static_cast<std::uint8_t>(address.is_v4() ? 32 : 128);
  return {address, subnet ? subnet->prefix_bits() : whole};
}

std::optional<Reason> endpoint_is_missing(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr || end.found->trouble.empty()) return std::nullopt;
    return Reason{fmt::format("{} cannot be asked: {}", on(end), end.found->trouble), "this machine", "weft lab up"};
  });
}

// Nothing holds the other end of its port, which libvirt takes away, too.
std::optional<Reason> machine_does_not_run(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    if (!end.endpoint->is_guest || end.view == nullptr || end.view->links.empty()) return std::nullopt;
    const auto* link = end.view->link(end.member->port);
    if (link != nullptr && (link->has_carrier || !link->is_up)) return std::nullopt;
    return Reason{fmt::format("the VM {} does not run", on(end)), "this machine", "weft lab up"};
  });
}

std::optional<Reason> device_is_down(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr || end.found->is_up) return std::nullopt;
    return Reason{fmt::format("the device {} of {} is down", end.found->device, on(end)), end.endpoint->name,
                  fmt::format("ip link set dev {} up", end.found->device)};
  });
}

std::optional<Reason> port_device_is_down(const Case& open) {
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    const auto* link = end.view != nullptr ? end.view->link(end.member->port) : nullptr;
    if (link == nullptr || link->is_up) return std::nullopt;
    return Reason{fmt::format("{}, which is the port of {}, is down", end.member->port, on(end)), end.host->name,
                  fmt::format("ip link set dev {} up", end.member->port)};
  });
}

std::optional<Reason> address_is_missing(const Case& open) {
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    if (end.found == nullptr) return std::nullopt;
    for (const auto& address : failing_addresses(open, end)) {
      if (end.found->address(address) != nullptr) continue;
      return Reason{
          fmt::format("{} has no address {}", on(end), address.to_string()), end.endpoint->name,
          fmt::format("ip address add {} dev {}", with_prefix(*open.network, address).to_string(), end.found->device)};
    }
    return std::nullopt;
  });
}

// So narrow that the other one seems to be elsewhere.
std::optional<Reason> mask_is_narrow(const Case& open) {
  for (const auto* end : open.ends()) {
    if (end->found == nullptr) continue;
    const auto others = failing_addresses(open, end == &open.from ? open.to : open.from);
    for (const auto& address : failing_addresses(open, *end)) {
      const auto* has = end->found->address(address);
      const auto wanted = with_prefix(*open.network, address);
      const auto is_cut_off = [&](const IpAddress& other) {
        return other.is_v4() == address.is_v4() && !has->subnet().contains(other) && wanted.subnet().contains(other);
      };
      if (has == nullptr || std::ranges::none_of(others, is_cut_off)) continue;
      return Reason{fmt::format("{} has the address {}, its network is {}", on(*end), has->to_string(),
                                wanted.subnet().to_string()),
                    end->endpoint->name,
                    fmt::format("ip address add {} dev {} && ip address delete {} dev {}", wanted.to_string(),
                                end->found->device, has->to_string(), end->found->device)};
    }
  }
  return std::nullopt;
}

// Another endpoint of the end's network among the holders of what is its own.
const prober::Found* taker(const Case& open, const End& end, const std::vector<std::uint32_t>& holders) {
  const auto& endpoints = open.findings->roll().endpoints;
  for (const auto holder : holders) {
    if (holder != end.number && endpoints[holder].network == end.endpoint->network)
      return &*open.findings->found(holder);
  }
  return nullptr;
}

std::optional<Reason> address_is_shared(const Case& open) {
  const auto& roll = open.findings->roll();
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    for (const auto& address : failing_addresses(open, end)) {
      const auto* other = taker(open, end, open.findings->holders(address));
      if (other == nullptr) continue;
      return Reason{fmt::format("{} on {} has the address {}, which is that of {}", roll.name(other->endpoint),
                                roll.host(other->endpoint), address.to_string(), on(end)),
                    roll.name(other->endpoint),
                    fmt::format("ip address delete {} dev {}", other->address(address)->to_string(), other->device)};
    }
    return std::nullopt;
  });
}

std::optional<Reason> wrong_mac(const Roll& roll, const prober::Found& found) {
  const auto& wanted = roll.endpoints[found.endpoint].mac;
  if (found.mac == wanted) return std::nullopt;
  return Reason{
      fmt::format("{} of {} on {} has the MAC address {}, its lab's file says {}", found.device,
                  roll.name(found.endpoint), roll.host(found.endpoint), found.mac.to_string(), wanted.to_string()),
      roll.name(found.endpoint), fmt::format("ip link set dev {} address {}", found.device, wanted.to_string())};
}

std::optional<Reason> mac_differs(const Case& open) {
  return at_either_end(open, [&](const End& end) {
    return end.found != nullptr ? wrong_mac(open.findings->roll(), *end.found) : std::nullopt;
  });
}

// Another one took it: what is sent to the one goes to the other.
std::optional<Reason> mac_is_shared(const Case& open) {
  return at_either_end(open, [&](const End& end) {
    const auto* other = taker(open, end, open.findings->holders(end.endpoint->mac));
    return other != nullptr ? wrong_mac(open.findings->roll(), *other) : std::nullopt;
  });
}

std::optional<Reason> endpoint_mtu_is_small(const Case& open) {
  if (open.failing != Failing::full_size) return std::nullopt;
  return at_either_end(open, [](const End& end) -> std::optional<Reason> {
    const auto wanted = end.endpoint->mtu_bytes;
    if (end.found != nullptr && end.found->mtu_bytes < wanted) {
      return Reason{fmt::format("{} of {} has MTU {}, its network needs {}", end.found->device, on(end),
                                end.found->mtu_bytes, wanted),
                    end.endpoint->name, fmt::format("ip link set dev {} mtu {}", end.found->device, wanted)};
    }
    const auto* link = end.view != nullptr ? end.view->link(end.member->port) : nullptr;
    if (link == nullptr || link->mtu_bytes >= wanted) return std::nullopt;
    return Reason{fmt::format("{}, which is the port of {}, has MTU {}, its network needs {}", end.member->port,
                              on(end), link->mtu_bytes, wanted),
                  end.host->name, fmt::format("ip link set dev {} mtu {}", end.member->port, wanted)};
  });
}

constexpr std::array rules{Rule{endpoint_is_missing},   Rule{machine_does_not_run}, Rule{device_is_down},
                           Rule{port_device_is_down},   Rule{address_is_missing},   Rule{mask_is_narrow},
                           Rule{endpoint_mtu_is_small}, Rule{mac_differs},          Rule{mac_is_shared},
                           Rule{address_is_shared}};

}  // namespace

std::optional<Reason> reason_at_endpoints(const Case& open) { return first_reason(rules, open); }

}  // namespace weft::lab
