#include "kernel/vlan_settings.hpp"

#include <bpf/bpf.h>

#include <cerrno>
#include <utility>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

using Mode = model::PortVlan::Mode;
using PriorityTags = model::PortVlan::PriorityTags;

constexpr std::pair<Mode, weft_vlan_mode> modes[] = {
    {Mode::trunk, WEFT_VLAN_TRUNK},
    {Mode::access, WEFT_VLAN_ACCESS},
    {Mode::native_tagged, WEFT_VLAN_NATIVE_TAGGED},
    {Mode::native_untagged, WEFT_VLAN_NATIVE_UNTAGGED},
    {Mode::tunnel, WEFT_VLAN_TUNNEL},
};

}  // namespace

weft_port_vlan to_datapath(const model::PortVlan& vlan) {
  weft_port_vlan result{};
  result.tag = vlan.tag;
  for (const auto& [mode, number] : modes) {
    if (mode == vlan.mode) result.mode = number;
  }
  int options = 0;
  if (!vlan.vlans.empty()) options |= WEFT_VLAN_LIMITED;
  if (vlan.priority_tags != PriorityTags::never) options |= WEFT_VLAN_PRIORITY_TAGS;
  if (vlan.priority_tags == PriorityTags::always) options |= WEFT_VLAN_EMPTY_TAGS;
  if (vlan.service_is_8021q) options |= WEFT_VLAN_SERVICE_8021Q;
  result.options = static_cast<std::uint8_t>(options);
  return result;
}

model::PortVlan from_datapath(const weft_port_vlan& vlan, model::VlanSet vlans) {
  const auto has = [&](weft_vlan_option option) { return (vlan.options & option) != 0; };
  model::PortVlan result{.tag = vlan.tag, .service_is_8021q = has(WEFT_VLAN_SERVICE_8021Q)};
  for (const auto& [mode, number] : modes) {
    if (number == vlan.mode) result.mode = mode;
  }
  if (has(WEFT_VLAN_LIMITED)) result.vlans = std::move(vlans);
  if (has(WEFT_VLAN_PRIORITY_TAGS)) {
    result.priority_tags = has(WEFT_VLAN_EMPTY_TAGS) ? PriorityTags::always : PriorityTags::if_nonzero;
  }
  return result;
}

Result<> write_vlan_set(int map_fd, std::uint32_t key, const model::VlanSet& vlans) {
  if (vlans.empty()) {
    const int error = bpf_map_delete_elem(map_fd, &key);
    if (error != 0 && error != -ENOENT) return fail_with_errno(-error, "cannot remove VLANs from the datapath");
    return {};
  }
  weft_vlan_set set{};
  for (const auto vlan : vlans) set.words[vlan / 64] |= std::uint64_t{1} << vlan % 64;
  const int error = bpf_map_update_elem(map_fd, &key, &set, BPF_ANY);
  if (error != 0) return fail_with_errno(-error, "cannot enter VLANs into the datapath");
  return {};
}

model::VlanSet read_vlan_set(int map_fd, std::uint32_t key) {
  weft_vlan_set set{};
  model::VlanSet vlans;
  if (bpf_map_lookup_elem(map_fd, &key, &set) != 0) return vlans;
  for (std::uint16_t vlan = 0; vlan < WEFT_VLANS; ++vlan) {
    if ((set.words[vlan / 64] >> vlan % 64 & 1) != 0) vlans.insert(vlans.end(), vlan);
  }
  return vlans;
}

}  // namespace weft::kernel
