#include "plan/fast_tunnels.hpp"

#include "plan/device_steps.hpp"

namespace weft::plan {
namespace {

template <class Key>
void remove(std::map<Key, std::set<std::string>>& from, const Key& key, const std::string& device) {
  const auto found = from.find(key);
  found->second.erase(device);
  if (found->second.empty()) from.erase(found);
}

}  // namespace

std::optional<FastTunnels::Entry> FastTunnels::entry_of(const std::string& device, const model::Desired& desired,
                                                        const model::Observed& observed) {
  const auto wanted = desired.devices.find(device);
  if (wanted == desired.devices.end() || !wanted->second.port) return std::nullopt;
  const bool may_go_fast = wanted->second.may_go_fast;
  const auto* made = wanted->second.vxlan();
  const bool is_strict = made != nullptr && made->has_strict_remotes;
  if (!may_go_fast && !is_strict) return std::nullopt;
  if (!is_usable(device, desired, observed)) return std::nullopt;
  const auto& link = observed.links.at(device);
  if (!link.vxlan || link.underlays.empty()) return std::nullopt;
  const auto& vxlan = *link.vxlan;
  const bool is_plain = !vxlan.is_external && !vxlan.has_vni_filter && !vxlan.has_group_policy && !vxlan.has_gpe &&
                        !vxlan.has_remote_checksum;
  if (!is_plain) return std::nullopt;
  const bool depends_on_inner = vxlan.inherits_tos || vxlan.inherits_ttl || vxlan.df == model::VxlanDf::inherit;
  // A device of the operator sends checksums because nobody told it not to; one of ours because somebody told us to.
  const bool is_to_have_checksum = link.made && vxlan.sends_checksum;
  return Entry{.tunnel = {.vni = vxlan.vni,
                          .dst_port = vxlan.dst_port,
                          .is_ipv6 = vxlan.is_ipv6,
                          .source_port_low = vxlan.source_port_low,
                          .source_port_high = vxlan.source_port_high,
                          .kernel_sends = depends_on_inner || is_to_have_checksum || !may_go_fast,
                          .may_go_fast = may_go_fast,
                          .only_remotes = is_strict ? std::optional(made->remotes) : std::nullopt,
                          .ageing_s = vxlan.ageing_s},
               .underlays = link.underlays};
}

void FastTunnels::update(const std::string& device, const model::Desired& desired, const model::Observed& observed,
                         std::set<std::string>& affected, std::set<int>& underlays) {
  auto now = entry_of(device, desired, observed);
  const auto before = entries_.find(device);
  if (before != entries_.end() && now == before->second) return;
  const auto affect_others_of = [&](const model::FastTunnel& tunnel) {
    if (const auto same = devices_.find(key_of(tunnel)); same != devices_.end()) {
      affected.insert(same->second.begin(), same->second.end());
    }
  };
  if (before != entries_.end()) {
    remove(devices_, key_of(before->second.tunnel), device);
    for (const auto ifindex : before->second.underlays) {
      remove(underlays_, ifindex, device);
      underlays.insert(ifindex);
    }
    affect_others_of(before->second.tunnel);
    entries_.erase(before);
  }
  if (!now) return;
  affect_others_of(now->tunnel);
  devices_[key_of(now->tunnel)].insert(device);
  for (const auto ifindex : now->underlays) {
    underlays_[ifindex].insert(device);
    underlays.insert(ifindex);
  }
  entries_.emplace(device, *std::move(now));
}

std::optional<model::FastTunnel> FastTunnels::find(const std::string& device) const {
  const auto found = entries_.find(device);
  if (found == entries_.end()) return std::nullopt;
  const auto& tunnel = found->second.tunnel;
  return devices_.at(key_of(tunnel)).size() == 1 ? std::optional(tunnel) : std::nullopt;
}

}  // namespace weft::plan
