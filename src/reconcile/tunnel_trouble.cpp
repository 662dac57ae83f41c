#include "reconcile/tunnel_trouble.hpp"

#include <fmt/format.h>

#include <vector>

namespace weft::reconcile {
namespace {

using model::Observed;
using model::TunnelState;
using model::VxlanDevice;

constexpr std::size_t most_names = 3;  // In one error; the rest is counted.

std::string list(const std::vector<std::string>& names) {
  if (names.size() <= most_names) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + most_names, ", "),
                     names.size() - most_names);
}

std::string trouble_on_the_way(const VxlanDevice& wanted, const TunnelState& state) {
  if (wanted.local && !state.has_local) {
    return fmt::format("options:local_ip {} is not an address of this host", wanted.local->to_string());
  }
  std::vector<std::string> unreachable;
  for (const auto& remote : wanted.remotes) {
    const auto path = state.paths.find(remote);
    if (path == state.paths.end()) {
      unreachable.push_back(remote.to_string());
      continue;
    }
    const auto& [device, mtu, is_up, has_source] = path->second;
    if (!is_up) return fmt::format("the underlay device {} is down", device);
    if (!has_source) {
      return fmt::format("the underlay device {} has no {} address", device, wanted.is_ipv6() ? "IPv6" : "IPv4");
    }
  }
  if (unreachable.empty()) return {};
  return fmt::format("no route to {} {}", wanted.has_group() ? "the group" : "the remote", list(unreachable));
}

}  // namespace

std::string tunnel_trouble(const std::string& device, const VxlanDevice& wanted, const std::string* rival,
                           const Observed& observed) {
  const auto* underlay = &wanted.underlay;
  const auto lower = observed.links.find(*underlay);
  if (!underlay->empty() && lower == observed.links.end()) {
    return fmt::format("there is no underlay device {} (options:dev)", *underlay);
  }
  if (!underlay->empty() && lower->second.made == model::MadeKind::vxlan) {
    return fmt::format("the underlay device {} (options:dev) is a tunnel itself", *underlay);
  }
  if (rival != nullptr) {
    return fmt::format(
        "VNI {} on UDP port {} belongs to the device {} already; take another options:key or dst_port, or "
        "name all remotes in one port",
        wanted.vni, wanted.dst_port, *rival);
  }
  if (!underlay->empty() && !lower->second.admin_up) return fmt::format("the underlay device {} is down", *underlay);
  const auto link = observed.links.find(device);
  if (link == observed.links.end() || !link->second.tunnel) return {};
  return trouble_on_the_way(wanted, *link->second.tunnel);
}

}  // namespace weft::reconcile
