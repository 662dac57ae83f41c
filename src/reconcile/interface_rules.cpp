#include "reconcile/interface_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::reconcile {
namespace {

constexpr std::size_t longest_device_name = 15;  // IFNAMSIZ without its zero.
constexpr std::int64_t least_mtu = 68, greatest_mtu = 65535;
constexpr std::int64_t greatest_vlan = 4095;

}  // namespace

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

Result<bool> is_internal_type(const InterfaceConfig& interface, std::string_view bridge) {
  if (interface.type == "internal" || interface.name == bridge) return true;
  if (interface.type.empty() || interface.type == "system") return false;
  return fail("unsupported type",
              fmt::format("{}: interface type \"{}\" is not supported (supported: system, internal)", interface.name,
                          interface.type));
}

Result<model::PortVlan> vlan_of(const PortConfig& port) {
  const bool is_access = port.vlan_mode == "access" || (port.vlan_mode.empty() && port.tag);
  const bool is_trunk = port.vlan_mode == "trunk" || (port.vlan_mode.empty() && !port.tag);
  if (!is_access && !is_trunk) {
    return fail("unsupported", fmt::format("vlan_mode {} is not supported (supported: access, trunk)", port.vlan_mode));
  }
  if (is_trunk) {
    if (!port.has_trunks) return model::PortVlan{};
    return fail("unsupported", "a trunk limited to some VLANs (column trunks) is not supported; clear it to carry all");
  }
  const auto tag = port.tag.value_or(0);
  if (tag < 1 || tag > greatest_vlan) {
    return fail("unsupported", fmt::format("an access port needs a tag from 1 to {}, and has {}", greatest_vlan, tag));
  }
  return model::PortVlan{.mode = model::PortVlan::Mode::access, .tag = static_cast<std::uint16_t>(tag)};
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
