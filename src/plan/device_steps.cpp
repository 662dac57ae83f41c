#include "plan/device_steps.hpp"

#include "plan/patch_steps.hpp"
#include "plan/vxlan_steps.hpp"

namespace weft::plan {
namespace {

using model::Desired;
using model::Device;
using model::Link;
using model::MadeKind;
using model::Observed;
using model::Scope;

const Link* find_link(const Observed& observed, const std::string& device) {
  const auto found = observed.links.find(device);
  return found == observed.links.end() ? nullptr : &found->second;
}

const Device* find_wanted(const Desired& desired, const std::string& device) {
  const auto found = desired.devices.find(device);
  return found == desired.devices.end() ? nullptr : &found->second;
}

std::optional<MadeKind> wanted_kind(const Device& wanted) {
  return wanted.made ? std::optional(model::kind_of(*wanted.made)) : std::nullopt;
}

// What is there can become what is wanted.
bool fits(const std::string& device, const Link& link, const Device& wanted, const Desired& desired,
          const Observed& observed) {
  if (link.is_internal_peer || link.made != wanted_kind(wanted)) return false;
  if (const auto* patch = wanted.patch()) return link.patch_peer == patch->peer && is_paired(device, *patch, desired);
  const auto* vxlan = wanted.vxlan();
  return vxlan == nullptr || !must_be_remade(*vxlan, link, desired, observed);
}

// There is no device of the name, once those that nobody wants are gone.
bool is_free(const std::string& device, const Desired& desired, const Observed& observed) {
  return find_link(observed, device) == nullptr || is_to_be_deleted(device, desired, observed);
}

// Of a device to be made: all that it must be told by then.
model::MadeDevice complete(const Device& wanted, const BridgeMtus& mtus) {
  auto made = *wanted.made;
  if (auto* internal = std::get_if<model::InternalDevice>(&made)) {
    if (!internal->mac) internal->mac = internal->mac_when_made;
    if (!internal->mtu_bytes) internal->mtu_bytes = mtus.least_bytes(wanted.bridge);
  }
  if (auto* vxlan = std::get_if<model::VxlanDevice>(&made)) {
    vxlan->mtu_bytes = wanted.requested_mtu_bytes.value_or(first_tunnel_mtu_bytes(*vxlan));
  }
  return made;
}

std::optional<bool> wanted_admin_state(const Device& wanted) {
  if (const auto* internal = wanted.internal()) return internal->admin_up;
  return wanted.made ? std::optional(true) : std::nullopt;
}

}  // namespace

bool is_usable(const std::string& device, const Desired& desired, const Observed& observed) {
  const auto* link = find_link(observed, device);
  const auto* wanted = find_wanted(desired, device);
  return link != nullptr && wanted != nullptr && fits(device, *link, *wanted, desired, observed);
}

bool is_to_be_deleted(const std::string& device, const Desired& desired, const Observed& observed) {
  const auto* link = find_link(observed, device);
  if (link == nullptr || !link->made) return false;
  const auto* wanted = find_wanted(desired, device);
  return wanted == nullptr || !wanted->made || !fits(device, *link, *wanted, desired, observed);
}

bool can_be_made(const std::string& device, const Desired& desired, const Observed& observed) {
  const auto* wanted = find_wanted(desired, device);
  if (wanted == nullptr || !wanted->made) return false;
  if (!is_free(device, desired, observed)) return false;
  if (const auto* patch = wanted->patch()) {
    return is_paired(device, *patch, desired) && is_free(patch->peer, desired, observed);
  }
  return wanted->vxlan() == nullptr || has_underlay(*wanted->vxlan(), desired, observed);
}

bool will_be_made(const std::string& device, const Desired& desired, const Observed& observed,
                  const TunnelIndex& tunnels) {
  return can_be_made(device, desired, observed) && tunnels.find_rival(device, desired, observed) == nullptr;
}

std::uint32_t wanted_mtu_bytes(const Device& wanted, const Link& link) {
  if (wanted.requested_mtu_bytes) return *wanted.requested_mtu_bytes;
  const auto tunnel = wanted.vxlan() == nullptr ? std::nullopt : tunnel_mtu_bytes(link);
  return tunnel.value_or(link.mtu_bytes);
}

Steps delete_devices(const Desired& desired, const Observed& observed, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    if (!is_to_be_deleted(device, desired, observed)) continue;
    const auto& peer = find_link(observed, device)->patch_peer;
    const bool goes_with_peer = !peer.empty() && !speaks_for_both(device, peer) && observed.links.contains(peer);
    if (!goes_with_peer) steps.push_back(DeleteDevice{.device = device});
  }
  return steps;
}

Steps create_devices(const Desired& desired, const Observed& observed, const BridgeMtus& mtus,
                     const TunnelIndex& tunnels, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    if (!will_be_made(device, desired, observed, tunnels)) continue;
    const auto* patch = desired.devices.at(device).patch();
    if (patch != nullptr && !speaks_for_both(device, patch->peer)) continue;
    steps.push_back(CreateDevice{.device = device, .settings = complete(desired.devices.at(device), mtus)});
  }
  return steps;
}

Steps set_devices(const Desired& desired, const Observed& observed, const BridgeMtus& mtus, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    if (!is_usable(device, desired, observed)) continue;
    const auto& link = *find_link(observed, device);
    const auto& wanted = *find_wanted(desired, device);
    if (link.is_away || wanted.patch() != nullptr) continue;
    const auto* internal = wanted.internal();
    const auto mtu = internal != nullptr ? internal->mtu_bytes.value_or(mtus.least_bytes(wanted.bridge))
                                         : wanted_mtu_bytes(wanted, link);
    if (link.mtu_bytes != mtu) steps.push_back(SetMtu{.device = device, .mtu_bytes = mtu});
    const bool has_other_mac = internal != nullptr && internal->mac && link.mac != *internal->mac;
    if (has_other_mac) steps.push_back(SetMac{.device = device, .mac = *internal->mac});
  }
  return steps;
}

Steps set_admin_states(const Desired& desired, const Observed& observed, const TunnelIndex& tunnels,
                       const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    const auto* wanted = find_wanted(desired, device);
    const auto is_up_wanted = wanted == nullptr ? std::nullopt : wanted_admin_state(*wanted);
    if (!is_up_wanted) continue;
    const bool is_there = is_usable(device, desired, observed);
    if (!is_there && !will_be_made(device, desired, observed, tunnels)) continue;
    if (is_there && find_link(observed, device)->is_away) continue;
    const bool is_up = is_there && find_link(observed, device)->admin_up;
    if (is_up != *is_up_wanted) steps.push_back(SetAdminState{.device = device, .up = *is_up_wanted});
  }
  return steps;
}

}  // namespace weft::plan
