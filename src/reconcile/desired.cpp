#include "reconcile/desired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "reconcile/interface_rules.hpp"
#include "reconcile/ofports.hpp"

namespace weft::reconcile {
namespace {

constexpr std::uint32_t default_ageing_s = 300, greatest_ageing_s = 3600;  // As the manual page has them.

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

std::uint32_t ageing_of(const std::optional<std::string>& text) {
  if (!text) return default_ageing_s;
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc{} || end != text->data() + text->size() || seconds == 0) return default_ageing_s;
  return std::min(seconds, greatest_ageing_s);
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

// Builds Wanted bridge by bridge.
class Builder {
 public:
  Builder(const Configuration& configuration, const std::map<Uuid, std::uint16_t>& ofports)
      : remembered_ofports_(ofports) {
    for (const auto& bridge : configuration.bridges) bridge_names_.insert(bridge.name);
  }

  void add_bridge(const BridgeConfig& config);
  Wanted result() && { return std::move(wanted_); }

 private:
  void add_interface(const BridgeConfig& bridge, const PortConfig& port, const InterfaceConfig& interface,
                     model::Bridge& into);
  Result<> add_port(const BridgeConfig& bridge, const PortConfig& port, const InterfaceConfig& interface,
                    WantedInterface& wanted, model::Bridge& into);
  void add_internal(const BridgeConfig& bridge, const InterfaceConfig& interface, WantedInterface& wanted,
                    model::Bridge& into);
  void add_bridges_own_port(const BridgeConfig& bridge, model::Bridge& into);
  std::map<Uuid, std::uint16_t> allocate(const BridgeConfig& bridge) const;

  const std::map<Uuid, std::uint16_t>& remembered_ofports_;
  std::set<std::string> bridge_names_;
  std::map<Uuid, std::uint16_t> ofports_;  // Of the bridge being added.
  std::map<Uuid, std::size_t> seen_;       // Interface row to its place in wanted_.interfaces.
  Wanted wanted_;
};

std::map<Uuid, std::uint16_t> Builder::allocate(const BridgeConfig& bridge) const {
  std::vector<OfportClaim> claims;
  for (const auto& port : bridge.ports) {
    for (const auto& interface : port.interfaces) {
      if (interface.name == bridge.name) continue;
      const auto remembered = remembered_ofports_.find(interface.uuid);
      claims.push_back({.interface = interface.uuid,
                        .present = remembered != remembered_ofports_.end() ? remembered->second : interface.ofport,
                        .requested = interface.ofport_request});
    }
  }
  return allocate_ofports(claims);
}

void Builder::add_bridge(const BridgeConfig& config) {
  model::Bridge bridge{.ageing_s = ageing_of(config.mac_aging_time), .forward_bpdu = config.forward_bpdu == "true"};
  ofports_ = allocate(config);
  for (const auto& port : config.ports) {
    for (const auto& interface : port.interfaces) add_interface(config, port, interface, bridge);
  }
  if (!check_device_name(config.name)) return;  // Said in the error of each of its interfaces.
  add_bridges_own_port(config, bridge);
  if (auto id = datapath_id_of(config.datapath_id)) wanted_.datapath_ids[config.uuid] = *std::move(id);
  wanted_.desired.bridges.emplace(config.name, std::move(bridge));
}

void Builder::add_interface(const BridgeConfig& bridge, const PortConfig& port, const InterfaceConfig& interface,
                            model::Bridge& into) {
  if (const auto seen = seen_.find(interface.uuid); seen != seen_.end()) {
    auto& first = wanted_.interfaces[seen->second];
    first.error =
        fmt::format("{} is in bridge {} already and is not added to {}", first.device, first.bridge, bridge.name);
    return;
  }
  seen_[interface.uuid] = wanted_.interfaces.size();
  auto& wanted = wanted_.interfaces.emplace_back(
      WantedInterface{.uuid = interface.uuid, .device = interface.name, .bridge = bridge.name});
  if (const auto added = add_port(bridge, port, interface, wanted, into); !added) note(added.error(), wanted.error);
}

// Step by step: what is wrong later leaves in place what was decided before.
Result<> Builder::add_port(const BridgeConfig& bridge, const PortConfig& port, const InterfaceConfig& interface,
                           WantedInterface& wanted, model::Bridge& into) {
  TRY(check_device_name(bridge.name));
  TRY(check_device_name(interface.name));
  if (interface.name != bridge.name && bridge_names_.contains(interface.name)) {
    return fail("name in use", fmt::format("{} is the name of a bridge", interface.name));
  }
  if (port.interfaces.size() != 1) {
    return fail("unsupported",
                fmt::format("bonds are not supported: port {} has {} interfaces", port.name, port.interfaces.size()));
  }
  wanted.is_internal = TRY(is_internal_type(interface, bridge.name));
  if (wanted.is_internal) add_internal(bridge, interface, wanted, into);
  const auto vlan = TRY(vlan_of(port));
  if (interface.name == bridge.name) {
    wanted.ofport = model::local_ofport;
  } else if (const auto given = ofports_.find(interface.uuid); given != ofports_.end()) {
    wanted.ofport = given->second;
  } else {
    return fail("no port number", fmt::format("all {} port numbers of {} are in use", greatest_ofport, bridge.name));
  }
  into.ports[interface.name] = {.ofport = wanted.ofport, .vlan = vlan};
  wanted.is_port = true;
  if (wanted.is_internal) return {};
  if (const auto mtu = TRY(mtu_of(interface.mtu_request))) into.requested_mtus[interface.name] = *mtu;
  return {};
}

void Builder::add_internal(const BridgeConfig& bridge, const InterfaceConfig& interface, WantedInterface& wanted,
                           model::Bridge& into) {
  auto mac = value_or_note(unicast_mac(interface.mac, "mac"), wanted.error);
  if (!mac && interface.name == bridge.name) {
    mac = value_or_note(unicast_mac(bridge.hwaddr, "other_config:hwaddr of the bridge"), wanted.error);
  }
  into.internals[interface.name] = {.mac = mac,
                                    .mac_when_made = mac_from(interface.uuid),
                                    .mtu_bytes = value_or_note(mtu_of(interface.mtu_request), wanted.error),
                                    .admin_up = value_or_note(admin_state_of(interface.admin_state), wanted.error)};
}

// A bridge has its own port even if no row of table Port says so.
void Builder::add_bridges_own_port(const BridgeConfig& bridge, model::Bridge& into) {
  if (into.internals.contains(bridge.name)) return;
  into.ports[bridge.name] = {.ofport = model::local_ofport};
  into.internals[bridge.name] = {.mac_when_made = mac_from(bridge.uuid)};
}

}  // namespace

Wanted wanted_from(const Configuration& configuration, const std::map<Uuid, std::uint16_t>& ofports) {
  Builder builder(configuration, ofports);
  for (const auto& bridge : configuration.bridges) builder.add_bridge(bridge);
  return std::move(builder).result();
}

}  // namespace weft::reconcile
