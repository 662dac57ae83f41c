#include "plan/port_steps.hpp"

#include "plan/device_steps.hpp"

namespace weft::plan {
namespace {

using model::Bridge;
using model::DatapathPort;
using model::Desired;
using model::Link;
using model::Observed;
using model::Port;

// The port can stay where it is, whatever must be changed about it.
bool may_stay(const DatapathPort& port, const std::string& device, const Desired& desired, const Observed& observed) {
  const auto wanted = desired.bridges.find(port.bridge);
  return wanted != desired.bridges.end() && observed.bridges.contains(port.bridge) &&
         wanted->second.ports.contains(device) && is_usable(wanted->second, device, observed);
}

bool needs_change(const DatapathPort& present, const Port& wanted, const Link& link) {
  // An internal device hands over whatever it is given: only others must be told to take frames for all addresses.
  const bool lacks_promiscuity = !link.is_internal && !present.promiscuous;
  return present.port != wanted || !present.attached || lacks_promiscuity ||
         present.delivers_to_peer != link.peer_in_other_namespace;
}

}  // namespace

Steps detach_ports(const Desired& desired, const Observed& observed) {
  std::map<int, std::string> names;
  for (const auto& [device, link] : observed.links) names.emplace(link.ifindex, device);
  Steps steps;
  for (const auto& [ifindex, port] : observed.ports) {
    const auto name = names.find(ifindex);
    const bool is_gone = name == names.end();
    if (!is_gone && may_stay(port, name->second, desired, observed)) continue;
    steps.push_back(DetachPort{.ifindex = ifindex, .device = is_gone ? std::string() : name->second});
  }
  return steps;
}

Steps attach_and_set_ports(const Desired& desired, const Observed& observed) {
  Steps steps;
  for (const auto& [name, bridge] : desired.bridges) {
    for (const auto& [device, wanted] : bridge.ports) {
      if (!is_usable(bridge, device, observed)) {
        const bool will_be_made = bridge.internals.contains(device) && is_free(device, desired, observed);
        if (will_be_made) steps.push_back(AttachPort{.device = device, .bridge = name, .port = wanted});
        continue;
      }
      const auto& link = observed.links.at(device);
      const auto present = observed.ports.find(link.ifindex);
      if (present == observed.ports.end() || !may_stay(present->second, device, desired, observed)) {
        steps.push_back(AttachPort{
            .device = device, .bridge = name, .port = wanted, .deliver_to_peer = link.peer_in_other_namespace});
      } else if (needs_change(present->second, wanted, link)) {
        steps.push_back(
            SetPort{.device = device, .bridge = name, .port = wanted, .deliver_to_peer = link.peer_in_other_namespace});
      }
    }
  }
  return steps;
}

}  // namespace weft::plan
