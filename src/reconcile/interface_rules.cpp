#include "reconcile/interface_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::reconcile {
namespace {

constexpr std::size_t longest_device_name = 15;  // IFNAMSIZ without its zero.
constexpr std::size_t longest_patch_name = 200;  // Of the 255 that an alias can have (kernel/patch_device.hpp).
constexpr std::int64_t least_mtu = 68, greatest_mtu = 65535;
constexpr std::int64_t greatest_vlan = 4095;

bool is_vlan(std::int64_t number) { return number >= 0 && number <= greatest_vlan; }

// What is no mode is a trunk; the schema lets no such word in.
model::PortVlan::Mode vlan_mode_of(const PortConfig& port) {
  using Mode = model::PortVlan::Mode;
  if (port.vlan_mode.empty()) return port.tag ? Mode::access : Mode::trunk;
  if (port.vlan_mode == "access") return Mode::access;
  if (port.vlan_mode == "native-tagged") return Mode::native_tagged;
  if (port.vlan_mode == "native-untagged") return Mode::native_untagged;
  if (port.vlan_mode == "dot1q-tunnel") return Mode::tunnel;
  return Mode::trunk;
}

// "true" is how older versions of Open vSwitch said if-nonzero.
model::PortVlan::PriorityTags priority_tags_of(const std::optional<std::string>& text) {
  using PriorityTags = model::PortVlan::PriorityTags;
  if (text == "always") return PriorityTags::always;
  return text == "if-nonzero" || text == "true" ? PriorityTags::if_nonzero : PriorityTags::never;
}

}  // namespace

model::VlanSet vlan_set(const std::set<std::int64_t>& numbers) {
  model::VlanSet vlans;
  for (const auto number : numbers) {
    if (is_vlan(number)) vlans.insert(vlans.end(), static_cast<std::uint16_t>(number));
  }
  return vlans;
}

Result<> check_device_name(std::string_view name) {
  const bool has_forbidden = std::ranges::any_of(
      name, [](char c) { return c == '/' || c == ':' || c == '%' || static_cast<unsigned char>(c) <= ' '; });
  if (name.empty() || name.size() > longest_device_name || name == "." || name == ".." || has_forbidden) {
    return fail("bad name", fmt::format("\"{}\" cannot be a network device's name: that has 1 to {} bytes, none of "
                                        "them a slash, colon, percent sign or space",
                                        name, longest_device_name));
  }
  if (name == "lo") return fail("reserved name", "lo is the host's loopback device, which cannot be a port");
  return {};
}

Result<std::optional<model::MadeKind>> made_kind_of(const InterfaceConfig& interface, std::string_view bridge) {
  if (interface.type == "internal" || interface.name == bridge) return model::MadeKind::internal;
  if (interface.type == "patch") return model::MadeKind::patch;
  if (interface.type == "vxlan") return model::MadeKind::vxlan;
  if (interface.type.empty() || interface.type == "system") return std::nullopt;
  return fail("unsupported type",
              fmt::format("{}: interface type \"{}\" is not supported (supported: system, internal, patch, vxlan)",
                          interface.name, interface.type));
}

Result<> check_patch_name(std::string_view name) {
  if (!name.empty() && name.size() <= longest_patch_name) return {};
  return fail("bad name",
              fmt::format("\"{}\" cannot be a patch port's name: that has 1 to {} bytes", name, longest_patch_name));
}

std::optional<std::string> patch_peer_of(const InterfaceConfig& interface) {
  const auto peer = interface.options.find("peer");
  return interface.type != "patch" || peer == interface.options.end() ? std::nullopt : std::optional(peer->second);
}

Result<model::PortVlan> vlan_of(const PortConfig& port) {
  using Mode = model::PortVlan::Mode;
  model::PortVlan vlan{.mode = vlan_mode_of(port), .priority_tags = priority_tags_of(port.priority_tags)};
  if (vlan.mode != Mode::trunk && port.tag && is_vlan(*port.tag)) vlan.tag = static_cast<std::uint16_t>(*port.tag);
  switch (vlan.mode) {
    case Mode::access:
      break;
    case Mode::trunk:
      vlan.vlans = vlan_set(port.trunks);
      break;
    case Mode::native_tagged:
    case Mode::native_untagged:
      vlan.vlans = vlan_set(port.trunks);
      if (vlan.tag != 0 && !vlan.vlans.empty()) {
        vlan.vlans.insert(vlan.tag);
        vlan.vlans.erase(0);
      }
      break;
    case Mode::tunnel:
      if (vlan.tag == 0) {
        return fail("no service VLAN",
                    fmt::format("{}: a dot1q-tunnel port needs a tag from 1 to {}, the VLAN that its customers' frames "
                                "go through",
                                port.name, greatest_vlan));
      }
      vlan.vlans = vlan_set(port.cvlans);
      vlan.service_is_8021q = port.qinq_ethtype == "802.1q";
      break;
  }
  return vlan;
}

Result<std::optional<MacAddress>> unicast_mac(const std::optional<std::string>& text, std::string_view where) {
  if (!text) return std::nullopt;
  const auto mac = MacAddress::parse(*text);
  if (!mac || mac->is_multicast() || mac->is_zero()) {
    return fail("bad address", fmt::format("{}: \"{}\" is not an address a device can have", where, *text));
  }
  return mac;
}

Result<std::optional<std::uint32_t>> mtu_of(const std::optional<std::int64_t>& mtu_request) {
  if (!mtu_request) return std::nullopt;
  if (*mtu_request < least_mtu || *mtu_request > greatest_mtu) {
    return fail("bad MTU", fmt::format("mtu_request {} is not from {} to {}", *mtu_request, least_mtu, greatest_mtu));
  }
  return static_cast<std::uint32_t>(*mtu_request);
}

Result<std::optional<bool>> admin_state_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  if (*text == "up") return true;
  if (*text == "down") return false;
  return fail("bad admin state", fmt::format("other_config:admin-state \"{}\" is neither up nor down", *text));
}

MacAddress mac_from(const Uuid& uuid) {
  std::array<std::uint8_t, 6> bytes{};
  std::copy_n(uuid.bytes().begin(), bytes.size(), bytes.begin());
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0xfc) | 0x02);
  return MacAddress(bytes);
}

}  // namespace weft::reconcile
