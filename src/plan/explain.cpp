// What a step says of itself.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plan/step.hpp"

namespace weft::plan {
namespace {

std::string describe(const model::VlanSet& vlans) {
  const bool is_one = vlans.size() == 1;
  return fmt::format("VLAN{} {}", is_one ? "" : "s", fmt::join(vlans, ", "));
}

std::string describe(const model::PortVlan& vlan) {
  using Mode = model::PortVlan::Mode;
  std::string text;
  switch (vlan.mode) {
    case Mode::trunk:
      return vlan.vlans.empty() ? "trunk" : "trunk of " + describe(vlan.vlans);
    case Mode::access:
      return fmt::format("access VLAN {}", vlan.tag);
    case Mode::native_tagged:
      text = fmt::format("trunk, native VLAN {} tagged", vlan.tag);
      break;
    case Mode::native_untagged:
      text = fmt::format("trunk, native VLAN {} untagged", vlan.tag);
      break;
    case Mode::tunnel:
      text = fmt::format("tunnel through VLAN {}", vlan.tag);
      break;
  }
  return vlan.vlans.empty() ? text : text + ", only " + describe(vlan.vlans);
}

std::string describe(const model::FastTunnel& tunnel) {
  return fmt::format(", fast path for VNI {} on UDP port {}{}{}", tunnel.vni, tunnel.dst_port,
                     tunnel.is_ipv6 ? " over IPv6" : "", tunnel.kernel_sends ? ", received only" : "");
}

std::string describe(const model::PortGuest& guest) {
  std::string text = ", its guest ";
  if (guest.is_confined) text = ", confined to its guest ";
  text += guest.mac ? guest.mac->to_string() : "of an unknown address";
  for (const auto& address : guest.addresses) text += " " + address.to_string();
  return text;
}

// Of AttachPort and SetPort.
std::string describe_port(const auto& step) {
  return fmt::format("port {}, {}{}{}{}{}{}", step.port.ofport, describe(step.port.vlan),
                     step.deliver_to_peer ? ", straight to the peer" : "", step.tunnel ? describe(*step.tunnel) : "",
                     step.mtu_bytes != 0 ? fmt::format(", carries packets of {} bytes", step.mtu_bytes) : "",
                     step.guest ? describe(*step.guest) : "", step.leads_elsewhere ? ", leads to other hosts" : "");
}

std::string describe(const model::Bridge& bridge) {
  auto text = fmt::format("ageing {} s, {} addresses at most{}", bridge.ageing_s, bridge.max_addresses,
                          bridge.forward_bpdu ? ", forwards BPDUs" : "");
  return bridge.flood_vlans.empty() ? text : text + ", floods " + describe(bridge.flood_vlans);
}

std::string describe(std::uint16_t vlan, const model::ServedVlan& served) {
  auto text = vlan == 0 ? std::string("untagged frames:") : fmt::format("VLAN {}:", vlan);
  if (served.has_dhcp4) text += " DHCP,";
  if (served.has_ipv6) text += " DHCPv6 and routers,";
  if (served.has_metadata) text += " metadata,";
  return text + fmt::format(" {} neighbours", served.neighbours.size());
}

std::string describe(const model::InternalDevice& settings) {
  std::string text;
  if (settings.mac) text += fmt::format(", address {}", settings.mac->to_string());
  if (settings.mtu_bytes) text += fmt::format(", MTU {}", *settings.mtu_bytes);
  return text;
}

std::string describe(const std::set<IpAddress>& remotes) {
  std::string text;
  for (const auto& remote : remotes) text += (text.empty() ? "" : " ") + remote.to_string();
  return text.empty() ? "nobody" : text;
}

std::string describe(const model::PatchDevice& device) { return fmt::format(", a patch to {}", device.peer); }

std::string describe(const model::VxlanDevice& settings) {
  auto text = fmt::format(", VXLAN VNI {} to {} port {}", settings.vni, describe(settings.remotes), settings.dst_port);
  if (settings.local) text += fmt::format(" from {}", settings.local->to_string());
  if (!settings.underlay.empty()) text += fmt::format(" over {}", settings.underlay);
  return text;
}

struct Explain {
  std::string operator()(const DetachPort& step) const {
    return step.device.empty() ? fmt::format("forget the port of device number {}, which is gone", step.ifindex)
                               : fmt::format("detach {} (device number {})", step.device, step.ifindex);
  }
  std::string operator()(const DeleteBridge& step) const { return fmt::format("delete bridge {}", step.bridge); }
  std::string operator()(const DeleteDevice& step) const { return fmt::format("delete device {}", step.device); }
  std::string operator()(const CreateDevice& step) const {
    return fmt::format("make device {}", step.device) +
           std::visit([](const auto& settings) { return describe(settings); }, step.settings);
  }
  std::string operator()(const SetVxlan& step) const {
    return fmt::format("change tunnel {}", step.device) + describe(step.settings);
  }
  std::string operator()(const SetRemotes& step) const {
    return fmt::format("send what {} has for unknown addresses to {}", step.device, describe(step.remotes));
  }
  std::string operator()(const CreateBridge& step) const {
    return fmt::format("make bridge {} ({})", step.bridge, describe(step.settings));
  }
  std::string operator()(const SetBridge& step) const {
    return fmt::format("change bridge {} ({})", step.bridge, describe(step.settings));
  }
  std::string operator()(const SetServed& step) const {
    std::string text;
    for (const auto& [vlan, served] : step.served) text += (text.empty() ? "" : "; ") + describe(vlan, served);
    return fmt::format("serve in {} ({})", step.bridge, text.empty() ? "nothing" : text);
  }
  std::string operator()(const AttachPort& step) const {
    return fmt::format("attach {} to {} ({})", step.device, step.bridge, describe_port(step));
  }
  std::string operator()(const SetPort& step) const {
    return fmt::format("change {} in {} ({})", step.device, step.bridge, describe_port(step));
  }
  std::string operator()(const AttachUnderlay& step) const {
    return fmt::format("watch {} for packets of tunnels", step.device);
  }
  std::string operator()(const DetachUnderlay& step) const {
    return step.device.empty() ? fmt::format("forget the underlay device number {}, which is gone", step.ifindex)
                               : fmt::format("stop watching {} for packets of tunnels", step.device);
  }
  std::string operator()(const SetMtu& step) const {
    return fmt::format("set the MTU of {} to {}", step.device, step.mtu_bytes);
  }
  std::string operator()(const SetMac& step) const {
    return fmt::format("set the address of {} to {}", step.device, step.mac.to_string());
  }
  std::string operator()(const SetAdminState& step) const {
    return fmt::format("set {} {}", step.device, step.up ? "up" : "down");
  }
};

}  // namespace

std::string explain(const Step& step) { return std::visit(Explain{}, step); }

const std::string& subject_of(const Step& step) {
  return std::visit(
      [](const auto& of) -> const std::string& {
        if constexpr (requires { of.device; }) {
          return of.device;
        } else {
          return of.bridge;
        }
      },
      step);
}

}  // namespace weft::plan
