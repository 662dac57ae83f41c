#include "plan/device_steps.hpp"

#include <algorithm>

namespace weft::plan {
namespace {

using model::Bridge;
using model::Desired;
using model::Link;
using model::Observed;

const Link* find_link(const Observed& observed, const std::string& device) {
  const auto found = observed.links.find(device);
  return found == observed.links.end() ? nullptr : &found->second;
}

bool wants_internal(const Desired& desired, const std::string& device) {
  return std::ranges::any_of(desired.bridges,
                             [&](const auto& named) { return named.second.internals.contains(device); });
}

// The least of the bridge's other ports, as Open vSwitch does it: a host that talks through the bridge's own port must
// not send what another port can't take.
std::uint32_t least_mtu_bytes(const Bridge& bridge, const Observed& observed) {
  std::optional<std::uint32_t> least;
  for (const auto& [device, port] : bridge.ports) {
    if (bridge.internals.contains(device) || !is_usable(bridge, device, observed)) continue;
    const auto requested = bridge.requested_mtus.find(device);
    const auto mtu =
        requested != bridge.requested_mtus.end() ? requested->second : find_link(observed, device)->mtu_bytes;
    least = std::min(least.value_or(mtu), mtu);
  }
  return least.value_or(default_mtu_bytes);
}

}  // namespace

bool is_usable(const Bridge& bridge, const std::string& device, const Observed& observed) {
  const auto* link = find_link(observed, device);
  return link != nullptr && !link->is_internal_peer && link->is_internal == bridge.internals.contains(device);
}

bool is_free(const std::string& device, const Desired& desired, const Observed& observed) {
  const auto* link = find_link(observed, device);
  return link == nullptr || (link->is_internal && !wants_internal(desired, device));
}

Steps delete_internals(const Desired& desired, const Observed& observed) {
  Steps steps;
  for (const auto& [device, link] : observed.links) {
    if (link.is_internal && !wants_internal(desired, device)) steps.push_back(DeleteInternal{.device = device});
  }
  return steps;
}

Steps create_internals(const Desired& desired, const Observed& observed) {
  Steps steps;
  for (const auto& [name, bridge] : desired.bridges) {
    for (const auto& [device, wanted] : bridge.internals) {
      if (!is_free(device, desired, observed)) continue;
      auto settings = wanted;
      if (!settings.mac) settings.mac = wanted.mac_when_made;
      if (!settings.mtu_bytes) settings.mtu_bytes = least_mtu_bytes(bridge, observed);
      steps.push_back(CreateInternal{.device = device, .settings = std::move(settings)});
    }
  }
  return steps;
}

Steps set_devices(const Desired& desired, const Observed& observed) {
  Steps steps;
  const auto set_mtu = [&](const std::string& device, std::uint32_t wanted) {
    if (find_link(observed, device)->mtu_bytes != wanted) {
      steps.push_back(SetMtu{.device = device, .mtu_bytes = wanted});
    }
  };
  for (const auto& [name, bridge] : desired.bridges) {
    for (const auto& [device, mtu_bytes] : bridge.requested_mtus) {
      if (bridge.ports.contains(device) && is_usable(bridge, device, observed)) set_mtu(device, mtu_bytes);
    }
    for (const auto& [device, wanted] : bridge.internals) {
      if (!is_usable(bridge, device, observed)) continue;
      set_mtu(device, wanted.mtu_bytes.value_or(least_mtu_bytes(bridge, observed)));
      if (wanted.mac && find_link(observed, device)->mac != *wanted.mac) {
        steps.push_back(SetMac{.device = device, .mac = *wanted.mac});
      }
    }
  }
  return steps;
}

Steps set_admin_states(const Desired& desired, const Observed& observed) {
  Steps steps;
  for (const auto& [name, bridge] : desired.bridges) {
    for (const auto& [device, wanted] : bridge.internals) {
      if (!wanted.admin_up) continue;
      const bool is_there = is_usable(bridge, device, observed);
      if (!is_there && !is_free(device, desired, observed)) continue;
      const bool is_up = is_there && find_link(observed, device)->admin_up;
      if (is_up != *wanted.admin_up) steps.push_back(SetAdminState{.device = device, .up = *wanted.admin_up});
    }
  }
  return steps;
}

}  // namespace weft::plan
