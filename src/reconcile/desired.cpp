#include "reconcile/desired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "reconcile/interface_rules.hpp"
#include "reconcile/ofports.hpp"
#include "reconcile/service_rules.hpp"
#include "reconcile/tunnel_rules.hpp"

namespace weft::reconcile {
namespace {

// As ovs-vswitchd.conf.db(5) has them.
constexpr std::uint32_t default_ageing_s = 300, greatest_ageing_s = 3600;
constexpr std::uint32_t default_addresses = 8192, least_addresses = 10, most_addresses = 1'000'000;

void note(const Error& error, std::string& text) {
  if (!text.empty()) text += "; ";
  text += error.details;
}

// The value, or its default with the reason added to `text`: the port works without it.
template <class T>
T value_or_note(Result<T> result, std::string& text) {
  if (result) return *std::move(result);
  note(result.error(), text);
  return {};
}

// As Open vSwitch reads it: what is no decimal number of 32 bits, or zero, counts as none, and a negative one as the
// greatest there is.
std::optional<std::uint32_t> positive_number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number == 0) return std::nullopt;
  return number > 0 ? static_cast<std::uint32_t>(number) : std::numeric_limits<std::uint32_t>::max();
}

std::uint32_t ageing_of(const std::optional<std::string>& text) {
  return std::min(positive_number(text).value_or(default_ageing_s), greatest_ageing_s);
}

std::uint32_t addresses_of(const std::optional<std::string>& text) {
  return std::clamp(positive_number(text).value_or(default_addresses), least_addresses, most_addresses);
}

// 16 hex digits, with or without "0x"; none if it is anything else, or zero.
std::optional<std::string> datapath_id_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  auto digits = std::string_view(*text);
  if (digits.starts_with("0x")) digits.remove_prefix(2);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (digits.size() != 16 || error != std::errc{} || end != digits.data() + digits.size() || number == 0) {
    return std::nullopt;
  }
  return fmt::format("{:016x}", number);
}

model::InternalDevice internal_device(const InterfaceConfig& interface, const BridgeConfig& bridge,
                                      std::string& error) {
  auto mac = value_or_note(unicast_mac(interface.mac, "mac"), error);
  if (!mac && interface.name == bridge.name) {
    mac = value_or_note(unicast_mac(bridge.hwaddr, "other_config:hwaddr of the bridge"), error);
  }
  return {.mac = mac,
          .mac_when_made = mac_from(interface.uuid),
          .mtu_bytes = value_or_note(mtu_of(interface.mtu_request), error),
          .admin_up = value_or_note(admin_state_of(interface.admin_state), error)};
}

std::unexpected<Error> no_patch(const InterfaceConfig& interface, const std::string& why) {
  return fail("no patch", interface.name + ": " + why);
}

// It names another as its peer: no more is needed for it to wait for that one.
Result<> check_patch_settings(const InterfaceConfig& interface) {
  const auto peer = patch_peer_of(interface);
  if (!peer || peer->empty())
    return no_patch(interface, "a patch port needs options:peer, the name of the patch port at its other end");
  if (peer == interface.name) return no_patch(interface, "its options:peer is itself");
  return {};
}

// The other end is there and means this one. Told as whoever set it up must hear it.
Result<> check_patch(const InterfaceConfig& interface, const Place& place) {
  const auto refuse = [&](const std::string& why) { return no_patch(interface, why); };
  const auto name = patch_peer_of(interface).value_or("");
  if (!place.patch_peer) return refuse(fmt::format("its peer {} does not exist; waiting for it", name));
  const auto& [type, peer, bridge] = *place.patch_peer;
  if (!bridge) return refuse(fmt::format("its peer {} is in no bridge; waiting for it", name));
  if (type != "patch") return refuse(fmt::format("its peer {} has the type \"{}\" instead of patch", name, type));
  if (!peer) return refuse(fmt::format("its peer {} has no options:peer; set it to {}", name, interface.name));
  if (*peer != interface.name) return refuse(fmt::format("its peer {} is patched to {}", name, *peer));
  if (*bridge == place.bridge.name) {
    return refuse(fmt::format("its peer {} is in {}, too: frames would go round for ever", name, *bridge));
  }
  return {};
}

// Step by step: what is wrong later leaves in place what was decided before.
Result<> decide(const InterfaceConfig& interface, const Place& place, WantedDevice& result) {
  auto& wanted = result.interface;
  const auto& bridge = place.bridge;
  const auto& port = place.port;
  const bool is_own = interface.name == bridge.name;
  TRY(check_device_name(bridge.name));
  const auto kind = TRY(made_kind_of(interface, bridge.name));
  const bool is_patch = kind == model::MadeKind::patch;
  TRY(is_patch ? check_patch_name(interface.name) : check_device_name(interface.name));
  if (!is_own && place.has_name_of_bridge) return fail("name in use", interface.name + " is the name of a bridge");
  if (port.interface_count != 1) {
    return fail("unsupported",
                fmt::format("bonds are not supported: port {} has {} interfaces", port.name, port.interface_count));
  }
  wanted.made = kind;
  const bool is_internal = kind == model::MadeKind::internal;
  if (is_internal) {
    result.device = model::Device{.bridge = bridge.name, .made = internal_device(interface, bridge, wanted.error)};
  }
  const auto vlan = TRY(vlan_of(port));
  if (wanted.ofport == 0) {
    return fail("no port number", fmt::format("all {} port numbers of {} are in use", greatest_ofport, bridge.name));
  }
  if (is_patch) {
    TRY(check_patch_settings(interface));
    wanted.keeps_ofport = true;
    TRY(check_patch(interface, place));
  }
  if (!result.device) {
    std::optional<model::MadeDevice> made;
    if (kind == model::MadeKind::vxlan) made = TRY(vxlan_of(interface));
    if (is_patch) made = model::PatchDevice{.peer = *patch_peer_of(interface)};
    result.device = model::Device{.bridge = bridge.name, .made = std::move(made)};
  }
  const auto* tunnel = result.device->vxlan();
  result.device->port = model::Port{
      .ofport = wanted.ofport, .vlan = vlan, .has_strict_remotes = tunnel != nullptr && tunnel->has_strict_remotes};
  result.device->may_go_fast =
      bridge.fast_path != "false" && port.fast_path != "false" && interface.fast_path != "false";
  wanted.is_port = true;
  auto guest = guest_of(interface.guest);
  if (!guest.error.empty()) note({"bad guest", guest.error}, wanted.error);
  result.guest = std::move(guest.guest);
  if (!is_internal && !is_patch) result.device->requested_mtu_bytes = TRY(mtu_of(interface.mtu_request));
  return {};
}

}  // namespace

WantedDevice wanted_device(const InterfaceConfig& interface, const Place& place) {
  const auto& bridge = place.bridge.name;
  WantedDevice result{.interface = {.uuid = interface.uuid,
                                    .device = interface.name,
                                    .bridge = bridge,
                                    .ofport = interface.name == bridge ? model::local_ofport : place.ofport}};
  auto& error = result.interface.error;
  if (const auto decided = decide(interface, place, result); !decided) note(decided.error(), error);
  if (place.other_bridge) {
    error =
        fmt::format("{} is in bridge {} already and is not added to {}", interface.name, bridge, *place.other_bridge);
  }
  return result;
}

std::optional<WantedBridge> wanted_bridge(const BridgeConfig& bridge) {
  if (!check_device_name(bridge.name)) return std::nullopt;
  return WantedBridge{.uuid = bridge.uuid,
                      .datapath_id = datapath_id_of(bridge.datapath_id),
                      .settings = {.ageing_s = ageing_of(bridge.mac_aging_time),
                                   .forward_bpdu = bridge.forward_bpdu == "true",
                                   .max_addresses = addresses_of(bridge.mac_table_size),
                                   .flood_vlans = vlan_set(bridge.flood_vlans)}};
}

model::Device own_device_without_row(const BridgeConfig& bridge) {
  return {.bridge = bridge.name,
          .port = model::Port{.ofport = model::local_ofport},
          .made = model::InternalDevice{.mac_when_made = mac_from(bridge.uuid)}};
}

}  // namespace weft::reconcile
