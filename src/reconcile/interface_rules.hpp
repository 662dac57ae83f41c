// Rules about the columns of one port and interface, each with a text for its error column when it is broken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/desired.hpp"
#include "reconcile/configuration.hpp"

namespace weft::reconcile {

// Linux takes 1 to 15 bytes without '/', ':' or white space, and gives '%' a meaning of its own.
Result<> check_device_name(std::string_view name);

// "" and "system" are devices that exist (none), the others those that Weft makes. The bridge's own port is always
// internal.
Result<std::optional<model::MadeKind>> made_kind_of(const InterfaceConfig& interface, std::string_view bridge);

// The name of a patch port is no device's: any text that is not too long.
Result<> check_patch_name(std::string_view name);
// options:peer of a patch port.
std::optional<std::string> patch_peer_of(const InterfaceConfig& interface);

// From vlan_mode, tag, trunks, cvlans, qinq-ethtype and priority-tags. What a mode has no use for is ignored, as Open
// vSwitch does it. A native port carries its native VLAN always, and another VLAN 0 never.
Result<model::PortVlan> vlan_of(const PortConfig& port);

// 0 to 4095; the schema lets no other number in.
model::VlanSet vlan_set(const std::set<std::int64_t>& numbers);

// Empty, or an address that a device can have. `where` names it in the error.
Result<std::optional<MacAddress>> unicast_mac(const std::optional<std::string>& text, std::string_view where);

// 68 (IPv4's least, RFC 791) to 65535.
Result<std::optional<std::uint32_t>> mtu_of(const std::optional<std::int64_t>& mtu_request);

// "up" or "down".
Result<std::optional<bool>> admin_state_of(const std::optional<std::string>& text);

// The same for the same row on every host and after every reboot: locally administered, from the row's random UUID.
MacAddress mac_from(const Uuid& uuid);

}  // namespace weft::reconcile
