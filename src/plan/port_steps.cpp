#include "plan/port_steps.hpp"

#include "plan/device_steps.hpp"
#include "plan/vxlan_steps.hpp"

namespace weft::plan {
namespace {

using model::DatapathPort;
using model::Desired;
using model::Link;
using model::Observed;
using model::Port;
using model::Scope;

// The port can stay where it is, whatever must be changed about it.
bool may_stay(const DatapathPort& port, const Desired& desired, const Observed& observed) {
  if (!is_usable(port.device, desired, observed)) return false;
  const auto& wanted = desired.devices.at(port.device);
  return wanted.port && wanted.bridge == port.bridge;
}

bool needs_change(const DatapathPort& present, const Port& wanted, const Link& link,
                  const std::optional<model::FastTunnel>& tunnel, std::uint16_t mtu_bytes) {
  // An internal device hands over whatever it is given: only others must be told to take frames for all addresses.
  const bool lacks_promiscuity = !link.is_internal() && !present.promiscuous;
  return present.port != wanted || !present.attached || lacks_promiscuity ||
         present.delivers_to_peer != link.peer_in_other_namespace || present.tunnel != tunnel ||
         present.mtu_bytes != mtu_bytes;
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
      const auto mtu_bytes = first_carried_mtu_bytes(wanted->second);
      steps.push_back(AttachPort{.device = device, .bridge = bridge, .port = *port, .mtu_bytes = mtu_bytes});
      continue;
    }
    const auto& link = observed.links.at(device);
    const auto tunnel = fast.find(device);
    const auto mtu_bytes = carried_mtu_bytes(wanted->second, link);
    const auto present = observed.ports.find(link.port_ifindex());
    if (present == observed.ports.end() || !may_stay(present->second, desired, observed)) {
      steps.push_back(AttachPort{.device = device,
                                 .bridge = bridge,
                                 .port = *port,
                                 .deliver_to_peer = link.peer_in_other_namespace,
                                 .tunnel = tunnel,
                                 .mtu_bytes = mtu_bytes});
    } else if (needs_change(present->second, *port, link, tunnel, mtu_bytes)) {
      steps.push_back(SetPort{.device = device,
                              .bridge = bridge,
                              .port = *port,
                              .deliver_to_peer = link.peer_in_other_namespace,
                              .tunnel = tunnel,
                              .mtu_bytes = mtu_bytes});
    }
  }
  return steps;
}

}  // namespace weft::plan
