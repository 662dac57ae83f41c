#include "plan/vxlan_steps.hpp"

#include <algorithm>

#include "plan/bridge_mtus.hpp"
#include "plan/device_steps.hpp"

namespace weft::plan {
namespace {

using model::Desired;
using model::Link;
using model::Observed;
using model::VxlanDevice;
using model::VxlanLink;

bool has_same_checksums(const VxlanDevice& wanted, const VxlanLink& present) {
  return present.sends_checksum == wanted.has_checksum &&
         present.takes_zero_checksum_v6 == wanted.takes_zero_checksum_v6();
}

constexpr std::uint32_t least_mtu_bytes = 68, greatest_mtu_bytes = 65535;  // As the kernel takes them.

// None: it is not there. 0: any.
std::optional<int> underlay_ifindex(const VxlanDevice& wanted, const Desired& desired, const Observed& observed) {
  if (wanted.underlay.empty()) return 0;
  const auto link = observed.links.find(wanted.underlay);
  const bool is_possible = link != observed.links.end() && link->second.made != model::MadeKind::vxlan &&
                           !is_to_be_deleted(wanted.underlay, desired, observed);
  return is_possible ? std::optional(link->second.ifindex) : std::nullopt;
}

bool needs_change(const VxlanDevice& wanted, const VxlanLink& present) {
  return present.local != wanted.local || present.inherits_tos != wanted.inherits_tos || present.tos != wanted.tos ||
         present.ttl != wanted.ttl || present.df != wanted.df || !wanted.remotes.contains(*present.remote) ||
         !present.learns;
}

// The configured ones first, where there is no room for all.
std::set<IpAddress> all_remotes(const VxlanDevice& wanted, const model::TunnelState& state) {
  auto remotes = wanted.remotes;
  if (wanted.has_group() || wanted.has_strict_remotes) return remotes;
  for (const auto& heard : state.heard) {
    if (remotes.size() >= model::most_remotes) break;
    remotes.insert(heard);
  }
  return remotes;
}

}  // namespace

bool has_underlay(const VxlanDevice& wanted, const Desired& desired, const Observed& observed) {
  return underlay_ifindex(wanted, desired, observed).has_value();
}

bool must_be_remade(const VxlanDevice& wanted, const Link& link, const Desired& desired, const Observed& observed) {
  if (!link.vxlan) return true;
  const auto& present = *link.vxlan;
  if (present.vni != wanted.vni || present.dst_port != wanted.dst_port) return true;
  if (present.is_ipv6 != wanted.is_ipv6() || !present.remote) return true;
  if (present.inherits_ttl != wanted.inherits_ttl || !has_same_checksums(wanted, present)) return true;
  const bool is_other_group =
      (wanted.has_group() || present.remote->is_multicast()) && present.remote != *wanted.remotes.begin();
  if (is_other_group) return true;
  // A group needs a device, and where none is asked for it got that of the route.
  const bool may_be_any = wanted.has_group() && wanted.underlay.empty();
  return !may_be_any && underlay_ifindex(wanted, desired, observed) != present.underlay_ifindex;
}

Steps set_vxlans(const Desired& desired, const Observed& observed, const model::Scope& scope) {
  Steps steps;
  for (const auto& device : scope.devices) {
    if (!is_usable(device, desired, observed)) continue;
    const auto* wanted = desired.devices.at(device).vxlan();
    if (wanted == nullptr) continue;
    const auto& link = observed.links.at(device);
    const bool is_other = needs_change(*wanted, *link.vxlan);
    if (is_other) steps.push_back(SetVxlan{.device = device, .settings = *wanted});
    if (!link.tunnel) continue;
    auto remotes = all_remotes(*wanted, *link.tunnel);
    // The kernel changes the list along with the one remote that the device itself names.
    if (is_other || remotes != link.tunnel->remotes) {
      steps.push_back(SetRemotes{.device = device, .remotes = std::move(remotes)});
    }
  }
  return steps;
}

std::optional<std::uint32_t> tunnel_mtu_bytes(const Link& link) {
  if (!link.tunnel || !link.vxlan || link.tunnel->paths.empty()) return std::nullopt;
  const auto overhead = link.vxlan->is_ipv6 ? overhead_v6_bytes : overhead_v4_bytes;
  std::uint32_t least = greatest_mtu_bytes;
  for (const auto& [remote, path] : link.tunnel->paths) least = std::min(least, path.mtu_bytes);
  return std::max(least, least_mtu_bytes + overhead) - overhead;
}

std::uint16_t carried_mtu_bytes(const model::Device& wanted, const Link& link) {
  if (!link.vxlan) return 0;
  auto carried = std::min(wanted_mtu_bytes(wanted, link), greatest_mtu_bytes);
  const auto df = wanted.vxlan() == nullptr ? link.vxlan->df : wanted.vxlan()->df;
  const bool is_cut_up = wanted.requested_mtu_bytes && df == model::VxlanDf::unset;
  if (link.way_mtu_bytes != 0 && !is_cut_up) {
    const auto overhead = link.vxlan->is_ipv6 ? overhead_v6_bytes : overhead_v4_bytes;
    carried = std::min(carried, std::max(link.way_mtu_bytes, least_mtu_bytes + overhead) - overhead);
  }
  return static_cast<std::uint16_t>(carried);
}

std::uint16_t first_carried_mtu_bytes(const model::Device& wanted) {
  const auto* vxlan = wanted.vxlan();
  if (vxlan == nullptr) return 0;
  return static_cast<std::uint16_t>(wanted.requested_mtu_bytes.value_or(first_tunnel_mtu_bytes(*vxlan)));
}

std::uint32_t first_tunnel_mtu_bytes(const VxlanDevice& wanted) {
  return default_mtu_bytes - (wanted.is_ipv6() ? overhead_v6_bytes : overhead_v4_bytes);
}

}  // namespace weft::plan
