#include "plan/device_steps.hpp"

namespace weft::plan {
namespace {

using model::Desired;
using model::Device;
using model::InternalDevice;
using model::Link;
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

const InternalDevice* find_wanted_internal(const Desired& desired, const std::string& device) {
  const auto* wanted = find_wanted(desired, device);
  return wanted != nullptr && wanted->internal ? &*wanted->internal : nullptr;
}

}  // namespace

bool is_usable(const std::string& device, const Desired& desired, const Observed& observed) {
  const auto* link = find_link(observed, device);
  const auto* wanted = find_wanted(desired, device);
  return link != nullptr && wanted != nullptr && !link->is_internal_peer &&
         link->is_internal == wanted->internal.has_value();
}

bool is_free(const std::string& device, const Desired& desired, const Observed& observed) {
  const auto* link = find_link(observed, device);
  return link == nullptr || (link->is_internal && find_wanted_internal(desired, device) == nullptr);
}

Steps delete_internals(const Desired& desired, const Observed& observed, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    const auto* link = find_link(observed, device);
    const bool is_unwanted = link != nullptr && link->is_internal && find_wanted_internal(desired, device) == nullptr;
    if (is_unwanted) steps.push_back(DeleteInternal{.device = device});
  }
  return steps;
}

Steps create_internals(const Desired& desired, const Observed& observed, const BridgeMtus& mtus, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    const auto* wanted = find_wanted_internal(desired, device);
    if (wanted == nullptr || !is_free(device, desired, observed)) continue;
    auto settings = *wanted;
    if (!settings.mac) settings.mac = wanted->mac_when_made;
    if (!settings.mtu_bytes) settings.mtu_bytes = mtus.least_bytes(find_wanted(desired, device)->bridge);
    steps.push_back(CreateInternal{.device = device, .settings = std::move(settings)});
  }
  return steps;
}

Steps set_devices(const Desired& desired, const Observed& observed, const BridgeMtus& mtus, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    if (!is_usable(device, desired, observed)) continue;
    const auto& link = *find_link(observed, device);
    const auto& [bridge, port, internal, requested_mtu] = *find_wanted(desired, device);
    const auto mtu =
        internal ? internal->mtu_bytes.value_or(mtus.least_bytes(bridge)) : requested_mtu.value_or(link.mtu_bytes);
    if (link.mtu_bytes != mtu) steps.push_back(SetMtu{.device = device, .mtu_bytes = mtu});
    const bool has_other_mac = internal && internal->mac && link.mac != *internal->mac;
    if (has_other_mac) steps.push_back(SetMac{.device = device, .mac = *internal->mac});
  }
  return steps;
}

Steps set_admin_states(const Desired& desired, const Observed& observed, const Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    const auto* wanted = find_wanted_internal(desired, device);
    if (wanted == nullptr || !wanted->admin_up) continue;
    const bool is_there = is_usable(device, desired, observed);
    if (!is_there && !is_free(device, desired, observed)) continue;
    const bool is_up = is_there && find_link(observed, device)->admin_up;
    if (is_up != *wanted->admin_up) steps.push_back(SetAdminState{.device = device, .up = *wanted->admin_up});
  }
  return steps;
}

}  // namespace weft::plan
