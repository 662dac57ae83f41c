#include "plan/bridge_mtus.hpp"

#include "plan/device_steps.hpp"
#include "plan/vxlan_steps.hpp"

namespace weft::plan {

std::optional<BridgeMtus::Part> BridgeMtus::part_of(const std::string& device, const model::Desired& desired,
                                                    const model::Observed& observed, const TunnelIndex& tunnels) {
  const auto wanted = desired.devices.find(device);
  if (wanted == desired.devices.end()) return std::nullopt;
  const auto& [bridge, port, made, requested, may_go_fast] = wanted->second;
  const auto* internal = wanted->second.internal();
  if (internal != nullptr && !internal->mtu_bytes) return Part{.bridge = bridge};
  if (internal != nullptr || !port) return std::nullopt;
  if (wanted->second.patch() != nullptr) return std::nullopt;  // It takes whatever comes.
  if (is_usable(device, desired, observed)) {
    return Part{.bridge = bridge, .mtu_bytes = wanted_mtu_bytes(wanted->second, observed.links.at(device))};
  }
  if (!will_be_made(device, desired, observed, tunnels)) return std::nullopt;
  return Part{.bridge = bridge, .mtu_bytes = requested.value_or(first_tunnel_mtu_bytes(*wanted->second.vxlan()))};
}

void BridgeMtus::update(const std::string& device, const model::Desired& desired, const model::Observed& observed,
                        const TunnelIndex& tunnels, std::set<std::string>& affected) {
  const auto now = part_of(device, desired, observed, tunnels);
  const auto before = parts_.find(device);
  if (before != parts_.end() && now == before->second) return;
  if (before != parts_.end()) leave(device, affected);
  if (now) join(device, *now, affected);
}

std::uint32_t BridgeMtus::least_bytes(const std::string& bridge) const {
  const auto found = bridges_.find(bridge);
  if (found == bridges_.end() || found->second.counts.empty()) return default_mtu_bytes;
  return found->second.counts.begin()->first;
}

void BridgeMtus::leave(const std::string& device, std::set<std::string>& affected) {
  const auto part = parts_.extract(device).mapped();
  const auto least = least_bytes(part.bridge);
  auto& bridge = bridges_.at(part.bridge);
  bridge.followers.erase(device);
  if (part.mtu_bytes != 0 && --bridge.counts.at(part.mtu_bytes) == 0) bridge.counts.erase(part.mtu_bytes);
  if (least_bytes(part.bridge) != least) affected.insert(bridge.followers.begin(), bridge.followers.end());
  if (bridge.counts.empty() && bridge.followers.empty()) bridges_.erase(part.bridge);
}

void BridgeMtus::join(const std::string& device, const Part& part, std::set<std::string>& affected) {
  const auto least = least_bytes(part.bridge);
  auto& bridge = bridges_[part.bridge];
  if (part.mtu_bytes == 0) {
    bridge.followers.insert(device);
    affected.insert(device);
  } else {
    ++bridge.counts[part.mtu_bytes];
  }
  parts_[device] = part;
  if (least_bytes(part.bridge) != least) affected.insert(bridge.followers.begin(), bridge.followers.end());
}

}  // namespace weft::plan
