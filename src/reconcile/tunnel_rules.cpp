#include "reconcile/tunnel_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "reconcile/interface_rules.hpp"
#include "reconcile/words.hpp"

namespace weft::reconcile {
namespace {

using model::VxlanDevice;

constexpr std::uint32_t ecn_bits = 3;  // Of the traffic class octet (RFC 3168 section 5).

std::unexpected<Error> refuse(std::string_view option, std::string_view value, std::string_view why) {
  return fail("bad option", fmt::format("options:{} \"{}\": {}", option, value, why));
}

std::unexpected<Error> refuse_flow(std::string_view option) {
  return refuse(option, "flow", "there are no OpenFlow tables to set it by; give a fixed value");
}

// Decimal, or hexadecimal behind "0x".
Result<std::uint32_t> number_of(std::string_view option, const std::string& text, std::uint32_t least,
                                std::uint32_t greatest) {
  auto digits = std::string_view(text);
  const bool is_hex = digits.starts_with("0x") || digits.starts_with("0X");
  if (is_hex) digits.remove_prefix(2);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, is_hex ? 16 : 10);
  const bool is_number = error == std::errc{} && end == digits.data() + digits.size();
  if (!is_number || number < least || number > greatest) {
    return refuse(option, text, fmt::format("not a number from {} to {}", least, greatest));
  }
  return number;
}

Result<bool> boolean_of(std::string_view option, const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return refuse(option, text, "neither true nor false");
}

Result<IpAddress> address_of(std::string_view option, std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address || address->is_unspecified() || address->is_broadcast()) {
    return refuse(option, text, "not an IPv4 or IPv6 address that a tunnel can have");
  }
  return *address;
}

Result<> take_remotes(const std::string& text, VxlanDevice& device) {
  if (text == "flow") return refuse_flow("remote_ip");
  for (const auto word : words_of(text, ", \t\n")) device.remotes.insert(TRY(address_of("remote_ip", word)));
  if (device.remotes.empty()) return refuse("remote_ip", text, "names no address");
  if (device.remotes.size() > most_remotes) {
    return refuse("remote_ip", fmt::format("{} addresses", device.remotes.size()),
                  fmt::format("a tunnel has at most {} remotes; use a multicast group", most_remotes));
  }
  for (const auto& remote : device.remotes) {
    if (remote.is_v4() == device.is_ipv6()) return refuse("remote_ip", text, "mixes IPv4 and IPv6");
    if (remote.is_multicast() && device.remotes.size() > 1) {
      return refuse("remote_ip", text, "a multicast group must be the only remote");
    }
  }
  return {};
}

Result<> take_key(std::string_view option, const std::string& text, std::optional<std::uint32_t>& key) {
  if (text == "flow") return refuse_flow(option);
  const auto vni = TRY(number_of(option, text, 0, model::greatest_vni));
  if (key && *key != vni) return refuse(option, text, "key, in_key and out_key must be the same with VXLAN");
  key = vni;
  return {};
}

Result<> take_tos(const std::string& text, VxlanDevice& device) {
  device.inherits_tos = text == "inherit";
  if (device.inherits_tos) return {};
  const auto tos = TRY(number_of("tos", text, 0, 255));
  if ((tos & ecn_bits) != 0) return refuse("tos", text, "its two lowest bits are ECN's and must be 0");
  device.tos = static_cast<std::uint8_t>(tos);
  return {};
}

Result<> take_ttl(const std::string& text, VxlanDevice& device) {
  device.inherits_ttl = text == "inherit";
  if (!device.inherits_ttl) device.ttl = static_cast<std::uint8_t>(TRY(number_of("ttl", text, 0, 255)));
  return {};
}

Result<> take_option(const std::string& option, const std::string& text, VxlanDevice& device,
                     std::optional<std::uint32_t>& key) {
  if (option == "remote_ip") return take_remotes(text, device);
  if (option == "key" || option == "in_key" || option == "out_key") return take_key(option, text, key);
  if (option == "tos") return take_tos(text, device);
  if (option == "ttl") return take_ttl(text, device);
  if (option == "local_ip") {
    if (text == "flow") return refuse_flow(option);
    device.local = TRY(address_of(option, text));
    if (device.local->is_multicast()) return refuse(option, text, "not an address that a host can have");
  } else if (option == "dst_port") {
    device.dst_port = static_cast<std::uint16_t>(TRY(number_of(option, text, 1, 65535)));
  } else if (option == "dev") {
    TRY(check_device_name(text));
    device.underlay = text;
  } else if (option == "df_default") {
    device.df = TRY(boolean_of(option, text)) ? model::VxlanDf::set : model::VxlanDf::unset;
  } else if (option == "strict-remotes") {
    device.has_strict_remotes = TRY(boolean_of(option, text));
  } else if (option != "csum") {
    return refuse(option, text,
                  "not an option that Weft has for type=vxlan (it has remote_ip, local_ip, key, in_key, out_key, "
                  "dst_port, dev, tos, ttl, df_default, csum, strict-remotes)");
  }
  return {};
}

// Link-local addresses mean nothing without a device, and the kernel sends to them from such ones only.
Result<> check_scope(const VxlanDevice& device) {
  const auto remote = std::ranges::find_if(device.remotes, &IpAddress::is_link_local);
  if (remote == device.remotes.end()) return {};
  if (!device.underlay.empty() && device.local && device.local->is_link_local()) return {};
  return refuse("remote_ip", remote->to_string(), "a link-local remote needs options:dev and a link-local local_ip");
}

// What comes to a group comes from anybody's address.
Result<> check_strictness(const VxlanDevice& device) {
  if (!device.has_strict_remotes || !device.has_group()) return {};
  return refuse("strict-remotes", "true", "remote_ip is a multicast group: name the hosts themselves there");
}

}  // namespace

Result<model::VxlanDevice> vxlan_of(const InterfaceConfig& interface) {
  VxlanDevice device{.mac_when_made = mac_from(interface.uuid)};
  std::optional<std::uint32_t> key;
  for (const auto& [option, text] : interface.options) TRY(take_option(option, text, device, key));
  if (device.remotes.empty()) {
    return fail("bad option",
                fmt::format("{}: options:remote_ip is missing: the VTEPs at the other end, or a multicast group",
                            interface.name));
  }
  if (device.local && device.local->is_v4() == device.is_ipv6()) {
    return refuse("local_ip", device.local->to_string(), "not of the family of remote_ip");
  }
  TRY(check_scope(device));
  TRY(check_strictness(device));
  device.vni = key.value_or(0);
  device.has_checksum = device.is_ipv6();  // RFC 8200 section 8.1: IPv6 wants one. RFC 7348 section 5: IPv4 does not.
  const auto csum = interface.options.find("csum");
  if (csum != interface.options.end()) device.has_checksum = TRY(boolean_of("csum", csum->second));
  return device;
}

}  // namespace weft::reconcile
