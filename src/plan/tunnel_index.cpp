#include "plan/tunnel_index.hpp"

#include "plan/device_steps.hpp"

namespace weft::plan {

using model::Desired;
using model::Observed;

std::optional<TunnelIndex::Key> TunnelIndex::wanted_key(const std::string& device, const Desired& desired) {
  const auto wanted = desired.devices.find(device);
  const auto* vxlan = wanted == desired.devices.end() ? nullptr : wanted->second.vxlan();
  if (vxlan == nullptr) return std::nullopt;
  return Key{.vni = vxlan->vni,
             .dst_port = vxlan->dst_port,
             .is_ipv6 = vxlan->is_ipv6(),
             .takes_zero_checksum_v6 = vxlan->takes_zero_checksum_v6()};
}

// Devices of other variants have sockets of their own, and clash only over the port.
std::optional<TunnelIndex::Key> TunnelIndex::present_key(const std::string& device, const Observed& observed) {
  const auto link = observed.links.find(device);
  if (link == observed.links.end() || !link->second.vxlan) return std::nullopt;
  const auto& vxlan = *link->second.vxlan;
  if (vxlan.is_external || vxlan.has_group_policy || vxlan.has_gpe || vxlan.has_remote_checksum) return std::nullopt;
  return Key{.vni = vxlan.vni,
             .dst_port = vxlan.dst_port,
             .is_ipv6 = vxlan.is_ipv6,
             .takes_zero_checksum_v6 = vxlan.takes_zero_checksum_v6};
}

void TunnelIndex::update(const std::string& device, const Desired& desired, const Observed& observed,
                         std::set<std::string>& affected) {
  Part now{.wanted = wanted_key(device, desired), .present = present_key(device, observed)};
  if (now.wanted) now.underlay = desired.devices.at(device).vxlan()->underlay;
  const auto before = parts_.find(device);
  const auto affect = [&](const std::optional<Key>& key) {
    const auto names = key ? names_.find(*key) : names_.end();
    if (names != names_.end()) affected.insert(names->second.wanted.begin(), names->second.wanted.end());
  };
  // Whether it stays may be another matter now, even where its own part is the same.
  if (before != parts_.end()) {
    affect(before->second.wanted);
    affect(before->second.present);
  }
  affect(now.wanted);
  affect(now.present);
  if (const auto over = tunnels_over_.find(device); over != tunnels_over_.end()) {
    affected.insert(over->second.begin(), over->second.end());
  }
  if (before != parts_.end()) {
    if (before->second == now) return;
    leave(device, before->second);
    parts_.erase(before);
  }
  if (now != Part{}) join(device, now);
}

void TunnelIndex::leave(const std::string& device, const Part& part) {
  const auto leave_names = [&](const std::optional<Key>& key, std::set<std::string> Names::* of) {
    if (!key) return;
    auto& names = names_.at(*key);
    (names.*of).erase(device);
    if (names.wanted.empty() && names.present.empty()) names_.erase(*key);
  };
  leave_names(part.wanted, &Names::wanted);
  leave_names(part.present, &Names::present);
  if (part.underlay.empty()) return;
  auto& over = tunnels_over_.at(part.underlay);
  over.erase(device);
  if (over.empty()) tunnels_over_.erase(part.underlay);
}

void TunnelIndex::join(const std::string& device, const Part& part) {
  if (part.wanted) names_[*part.wanted].wanted.insert(device);
  if (part.present) names_[*part.present].present.insert(device);
  if (!part.underlay.empty()) tunnels_over_[part.underlay].insert(device);
  parts_[device] = part;
}

const std::string* TunnelIndex::find_rival(const std::string& device, const Desired& desired,
                                           const Observed& observed) const {
  const auto part = parts_.find(device);
  if (part == parts_.end() || !part->second.wanted) return nullptr;
  const auto& names = names_.at(*part->second.wanted);
  for (const auto& other : names.present) {
    if (other != device && !is_to_be_deleted(other, desired, observed)) return &other;
  }
  if (is_usable(device, desired, observed)) return nullptr;
  for (const auto& other : names.wanted) {
    if (other == device) return nullptr;
    if (can_be_made(other, desired, observed)) return &other;
  }
  return nullptr;
}

}  // namespace weft::plan
