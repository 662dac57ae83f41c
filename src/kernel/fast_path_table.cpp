#include "kernel/fast_path_table.hpp"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>

#include "kernel/map_keys.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

weft_tunnel_key key_of(const model::FastTunnel& tunnel) {
  return {.vni = tunnel.vni, .dst_port = tunnel.dst_port, .is_ipv6 = static_cast<std::uint16_t>(tunnel.is_ipv6)};
}

struct PortRange {
  std::uint16_t first = 32768;
  std::uint16_t count = 28231;
};

// ip(7), ip_local_port_range; the kernel's vxlan device leaves the last one out.
PortRange ephemeral_ports() {
  std::ifstream file("/proc/sys/net/ipv4/ip_local_port_range");
  std::uint16_t low = 0;
  std::uint16_t high = 0;
  if (!(file >> low >> high) || high <= low) return {};
  return {.first = low, .count = static_cast<std::uint16_t>(high - low)};
}

weft_tunnel to_datapath(Slot port, const model::FastTunnel& tunnel) {
  const bool has_range = tunnel.source_port_high > tunnel.source_port_low;
  const auto range =
      has_range ? PortRange{.first = tunnel.source_port_low,
                            .count = static_cast<std::uint16_t>(tunnel.source_port_high - tunnel.source_port_low)}
                : ephemeral_ports();
  std::uint32_t flags = 0;
  if (tunnel.kernel_sends) flags |= WEFT_TUNNEL_KERNEL_SENDS;
  if (!has_range) flags |= WEFT_TUNNEL_SYSTEM_PORTS;
  if (!tunnel.may_go_fast) flags |= WEFT_TUNNEL_SLOW;
  if (tunnel.only_remotes) flags |= WEFT_TUNNEL_STRICT_REMOTES;
  return {.port = port,
          .source_port = range.first,
          .source_ports = range.count,
          .flags = flags,
          .ageing_s = tunnel.ageing_s};
}

model::FastTunnel from_datapath(const weft_tunnel_key& key, const weft_tunnel& value) {
  model::FastTunnel tunnel{.vni = key.vni,
                           .dst_port = key.dst_port,
                           .is_ipv6 = key.is_ipv6 != 0,
                           .kernel_sends = (value.flags & WEFT_TUNNEL_KERNEL_SENDS) != 0,
                           .may_go_fast = (value.flags & WEFT_TUNNEL_SLOW) == 0,
                           .ageing_s = value.ageing_s};
  if ((value.flags & WEFT_TUNNEL_STRICT_REMOTES) != 0) tunnel.only_remotes.emplace();
  if ((value.flags & WEFT_TUNNEL_SYSTEM_PORTS) == 0) {
    tunnel.source_port_low = value.source_port;
    tunnel.source_port_high = static_cast<std::uint16_t>(value.source_port + value.source_ports);
  }
  return tunnel;
}

weft_remote_key remote_key(Slot port, const IpAddress& address) {
  weft_remote_key key{.port = port, .address = {}};
  static_assert(sizeof key.address == std::tuple_size_v<std::decay_t<decltype(address.mapped())>>);
  std::memcpy(key.address, address.mapped().data(), sizeof key.address);
  return key;
}

IpAddress address_of(const weft_remote_key& key) {
  std::array<std::uint8_t, sizeof key.address> mapped{};
  std::memcpy(mapped.data(), key.address, sizeof key.address);
  return IpAddress(mapped);
}

}  // namespace

std::uint16_t admission_ticks(std::uint32_t ageing_s) {
  constexpr auto most = std::numeric_limits<std::uint16_t>::max();
  if (ageing_s == 0) return most;
  const auto ticks = std::uint64_t{ageing_s} * 1'000'000'000 >> WEFT_TICK_SHIFT;
  return static_cast<std::uint16_t>(std::min<std::uint64_t>(ticks * 3 / 4, most));
}

Result<> FastPathTable::adopt(const PortTable& ports) {
  for (const auto& key : TRY(read_keys<weft_tunnel_key>(tunnels_fd_, "tunnels"))) {
    weft_tunnel value{};
    if (bpf_map_lookup_elem(tunnels_fd_, &key, &value) != 0) continue;
    const bool is_valid = ports.is_in_use(value.port) && !tunnels_.contains(value.port);
    if (is_valid) {
      tunnels_.emplace(value.port, from_datapath(key, value));
    } else {
      bpf_map_delete_elem(tunnels_fd_, &key);
    }
  }
  TRY(adopt_remotes());
  for (const auto ifindex : TRY(read_keys<std::uint32_t>(underlays_fd_, "underlay devices"))) {
    underlays_.insert(static_cast<int>(ifindex));
  }
  return {};
}

Result<> FastPathTable::adopt_remotes() {
  for (const auto& key : TRY(read_keys<weft_remote_key>(remotes_fd_, "remotes of tunnels"))) {
    const auto tunnel = tunnels_.find(key.port);
    if (tunnel != tunnels_.end() && tunnel->second.only_remotes) {
      tunnel->second.only_remotes->insert(address_of(key));
    } else {
      bpf_map_delete_elem(remotes_fd_, &key);
    }
  }
  return {};
}

Result<> FastPathTable::set_remotes(Slot port, const std::set<IpAddress>& remotes, const std::set<IpAddress>& before) {
  for (const auto& remote : before) {
    if (remotes.contains(remote)) continue;
    const auto key = remote_key(port, remote);
    bpf_map_delete_elem(remotes_fd_, &key);
  }
  for (const auto& remote : remotes) {
    const auto key = remote_key(port, remote);
    const std::uint32_t value = 1;
    if (const int error = bpf_map_update_elem(remotes_fd_, &key, &value, BPF_ANY); error != 0) {
      return fail_with_errno(-error,
                             fmt::format("cannot enter remote {} into the datapath, which holds {} of all tunnels",
                                         remote.to_string(), static_cast<int>(WEFT_MAX_REMOTES)));
    }
  }
  return {};
}

std::optional<model::FastTunnel> FastPathTable::tunnel_of(Slot port) const {
  const auto found = tunnels_.find(port);
  return found == tunnels_.end() ? std::nullopt : std::optional(found->second);
}

Result<> FastPathTable::set_tunnel(Slot port, const std::optional<model::FastTunnel>& tunnel) {
  const auto present = tunnels_.find(port);
  const auto before =
      present != tunnels_.end() && present->second.only_remotes ? *present->second.only_remotes : std::set<IpAddress>();
  TRY(set_remotes(port, tunnel && tunnel->only_remotes ? *tunnel->only_remotes : std::set<IpAddress>(), before));
  if (present != tunnels_.end() && (!tunnel || !is_same_tunnel(present->second, *tunnel))) {
    const auto key = key_of(present->second);
    if (const int error = bpf_map_delete_elem(tunnels_fd_, &key); error != 0 && error != -ENOENT) {
      return fail_with_errno(-error, "cannot remove a tunnel from the datapath");
    }
    tunnels_.erase(present);
  }
  if (!tunnel) return {};
  const auto other = std::ranges::find_if(
      tunnels_, [&](const auto& entry) { return entry.first != port && is_same_tunnel(entry.second, *tunnel); });
  if (other != tunnels_.end()) {
    return fail("tunnel exists", fmt::format("another port has VNI {} on UDP port {}", tunnel->vni, tunnel->dst_port));
  }
  const auto key = key_of(*tunnel);
  const auto value = to_datapath(port, *tunnel);
  if (const int error = bpf_map_update_elem(tunnels_fd_, &key, &value, BPF_ANY); error != 0) {
    return fail_with_errno(-error, "cannot enter a tunnel into the datapath");
  }
  tunnels_.insert_or_assign(port, *tunnel);
  return {};
}

Result<> FastPathTable::add_underlay(int ifindex) {
  const auto key = static_cast<std::uint32_t>(ifindex);
  const std::uint32_t value = 1;
  if (const int error = bpf_map_update_elem(underlays_fd_, &key, &value, BPF_ANY); error != 0) {
    return fail_with_errno(-error, "cannot enter an underlay device into the datapath");
  }
  underlays_.insert(ifindex);
  return {};
}

void FastPathTable::remove_underlay(int ifindex) {
  const auto key = static_cast<std::uint32_t>(ifindex);
  bpf_map_delete_elem(underlays_fd_, &key);
  underlays_.erase(ifindex);
}

}  // namespace weft::kernel
