#include "plan/port_steps.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "plan/device_steps.hpp"
#include "plan/vxlan_steps.hpp"

namespace weft::plan {
namespace {

using model::DatapathPort;
using model::Desired;
using model::Link;
using model::Observed;
using model::Scope;

// The port can stay where it is, whatever must be changed about it.
bool may_stay(const DatapathPort& port, const Desired& desired, const Observed& observed) {
  if (!is_usable(port.device, desired, observed)) return false;
  const auto& wanted = desired.devices.at(port.device);
  return wanted.port && wanted.bridge == port.bridge;
}

// Behind it are other hosts: a device that puts frames into packets for them.
bool leads_elsewhere(const Link& link) {
  static constexpr std::array<std::string_view, 6> kinds = {"vxlan",     "geneve", "gretap",
                                                            "ip6gretap", "erspan", "ip6erspan"};
  return std::ranges::find(kinds, link.kind) != kinds.end();
}

std::optional<model::PortGuest> guest_of(const std::string& device, const Desired& desired) {
  const auto guest = desired.guests.find(device);
  return guest == desired.guests.end() ? std::nullopt : std::optional(model::port_guest(guest->second));
}

bool needs_change(const DatapathPort& present, const SetPort& wanted, const Link& link) {
  // An internal device hands over whatever it is given: only others must be told to take frames for all addresses.
  const bool lacks_promiscuity = !link.is_internal() && !present.promiscuous;
  return present.port != wanted.port || !present.attached || lacks_promiscuity ||
         present.delivers_to_peer != wanted.deliver_to_peer || present.tunnel != wanted.tunnel ||
         present.mtu_bytes != wanted.mtu_bytes || present.guest != wanted.guest ||
         present.leads_elsewhere != wanted.leads_elsewhere;
}

}  // namespace

Steps detach_ports(const Desired& desired, const Observed& observed, const Scope& scope) {
  Steps steps;
  for (const auto ifindex : scope.ports) {
    const auto port = observed.ports.find(ifindex);
    if (port == observed.ports.end() || may_stay(port->second, desired, observed)) continue;
    steps.push_back(DetachPort{.ifindex = ifindex, .device = port->second.device});
  }
  return steps;
}

Steps attach_and_set_ports(const Desired& desired, const Observed& observed, const TunnelIndex& tunnels,
                           const FastTunnels& fast, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    const auto wanted = desired.devices.find(device);
    if (wanted == desired.devices.end() || !wanted->second.port) continue;
    const auto& [bridge, port, made, requested_mtu, may_go_fast] = wanted->second;
    if (!is_usable(device, desired, observed)) {
      if (!will_be_made(device, desired, observed, tunnels)) continue;
      steps.push_back(AttachPort{.device = device,
                                 .bridge = bridge,
                                 .port = *port,
                                 .mtu_bytes = first_carried_mtu_bytes(wanted->second),
                                 .guest = guest_of(device, desired),
                                 .leads_elsewhere = wanted->second.vxlan() != nullptr});
      continue;
    }
    const auto& link = observed.links.at(device);
    SetPort change{.device = device,
                   .bridge = bridge,
                   .port = *port,
                   .deliver_to_peer = link.peer_in_other_namespace,
                   .tunnel = fast.find(device),
                   .mtu_bytes = carried_mtu_bytes(wanted->second, link),
                   .guest = guest_of(device, desired),
                   .leads_elsewhere = leads_elsewhere(link)};
    const auto present = observed.ports.find(link.port_ifindex());
    if (present == observed.ports.end() || !may_stay(present->second, desired, observed)) {
      steps.push_back(AttachPort{.device = change.device,
                                 .bridge = change.bridge,
                                 .port = change.port,
                                 .deliver_to_peer = change.deliver_to_peer,
                                 .tunnel = std::move(change.tunnel),
                                 .mtu_bytes = change.mtu_bytes,
                                 .guest = std::move(change.guest),
                                 .leads_elsewhere = change.leads_elsewhere});
    } else if (needs_change(present->second, change, link)) {
      steps.push_back(std::move(change));
    }
  }
  return steps;
}

}  // namespace weft::plan
