#include "reconcile/service_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "reconcile/interface_rules.hpp"
#include "reconcile/words.hpp"

namespace weft::reconcile {
namespace {

using model::Guest;
using model::ServedNetwork;

constexpr std::string_view separators = ", \t\r\n";
constexpr std::string_view vlan_prefix = "vlan";
constexpr std::uint16_t greatest_vlan = 4094;
constexpr std::size_t longest_name = 253;  // Of a host or domain (RFC 1035 section 2.3.4).
constexpr std::size_t longest_label = 63;  // The same.
constexpr std::size_t longest_instance_id = 128;
constexpr std::size_t longest_shown = 60;

std::unexpected<Error> refuse(std::string_view key, std::string_view value, std::string_view why) {
  const auto rest = value.size() > longest_shown ? "..." : "";
  return fail("bad value", fmt::format("other_config:{} \"{}{}\": {}", key, value.substr(0, longest_shown), rest, why));
}

void note(const Result<>& result, std::string& error) {
  if (result) return;
  if (!error.empty()) error += "; ";
  error += result.error().details;
}

Result<std::uint32_t> number_of(std::string_view key, std::string_view text, std::uint32_t least,
                                std::uint32_t greatest) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least || number > greatest) {
    return refuse(key, text, fmt::format("not a number from {} to {}", least, greatest));
  }
  return number;
}

Result<bool> boolean_of(std::string_view key, std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return refuse(key, text, "neither true nor false");
}

enum class Family : std::uint8_t { ipv4, ipv6, any };

Result<IpAddress> host_address_of(std::string_view key, std::string_view text, Family family) {
  const auto address = IpAddress::parse(text);
  const bool is_host = address && !address->is_unspecified() && !address->is_multicast() && !address->is_loopback() &&
                       !address->is_broadcast();
  if (!is_host) return refuse(key, text, "not an address that a host can have");
  if (family == Family::ipv4 && !address->is_v4()) return refuse(key, text, "not an IPv4 address");
  if (family == Family::ipv6 && address->is_v4()) return refuse(key, text, "not an IPv6 address");
  return *address;
}

// Letters, digits, hyphens, underscores, in labels with dots between.
Result<std::string> name_of(std::string_view key, std::string_view text) {
  const auto is_label = [](std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
           });
  };
  bool is_name = text.size() <= longest_name;
  for (auto rest = text; is_name;) {
    const auto dot = rest.find('.');
    is_name = is_label(rest.substr(0, dot));
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (!is_name) return refuse(key, text, "not a name that a host or domain can have");
  return std::string(text);
}

// --- networks ---------------------------------------------------------------------------------------------------

using Take = Result<> (*)(std::string_view key, const std::string& text, ServedNetwork& network);

Result<Subnet> subnet_of(std::string_view key, const std::string& text, bool is_v4) {
  const auto subnet = Subnet::parse(text);
  if (!subnet || subnet->is_v4() != is_v4) {
    return refuse(key, text,
                  is_v4 ? "not an IPv4 subnet; one looks like 192.168.100.0/24, with zeros after the prefix"
                        : "not an IPv6 subnet; one looks like fd00:100::/64, with zeros after the prefix");
  }
  return *subnet;
}

Result<> take_subnet4(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.subnet4 = TRY(subnet_of(key, text, true));
  return {};
}
Result<> take_subnet6(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.subnet6 = TRY(subnet_of(key, text, false));
  return {};
}
Result<> take_router4(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.router4 = TRY(host_address_of(key, text, Family::ipv4));
  return {};
}
Result<> take_router6(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.router6 = TRY(host_address_of(key, text, Family::ipv6));
  return {};
}
Result<> take_dns(std::string_view key, const std::string& text, ServedNetwork& network) {
  std::vector<IpAddress> servers;
  for (const auto word : words_of(text, separators)) servers.push_back(TRY(host_address_of(key, word, Family::any)));
  if (servers.size() > most_dns_servers) {
    return refuse(key, text, fmt::format("{} servers, {} at most", servers.size(), most_dns_servers));
  }
  network.dns = std::move(servers);
  return {};
}
Result<> take_domain(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.domain = TRY(name_of(key, text));
  return {};
}
Result<> take_pool(std::string_view key, const std::string& text, ServedNetwork& network) {
  const auto hyphen = text.find('-');
  if (hyphen == std::string::npos) return refuse(key, text, "a pool looks like 192.168.100.50-192.168.100.99");
  const auto first = TRY(host_address_of(key, std::string_view(text).substr(0, hyphen), Family::ipv4));
  const auto last = TRY(host_address_of(key, std::string_view(text).substr(hyphen + 1), Family::ipv4));
  if (last < first) return refuse(key, text, "it ends before it begins");
  network.pool4_first = first;
  network.pool4_last = last;
  return {};
}
Result<> take_lease_time(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.lease_s = TRY(number_of(key, text, least_lease_s, greatest_lease_s));
  return {};
}
Result<> take_mtu(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.mtu_bytes = TRY(number_of(key, text, least_served_mtu, greatest_served_mtu));
  return {};
}
Result<> take_metadata(std::string_view key, const std::string& text, ServedNetwork& network) {
  network.has_metadata = TRY(boolean_of(key, text));
  return {};
}
Result<> take_neighbours(std::string_view key, const std::string& text, ServedNetwork& network) {
  std::map<IpAddress, MacAddress> neighbours;
  for (const auto word : words_of(text, separators)) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) {
      return refuse(key, word, "a neighbour looks like 192.168.100.12=02:00:00:00:00:12");
    }
    const auto address = TRY(host_address_of(key, word.substr(0, equals), Family::any));
    const auto mac = MacAddress::parse(word.substr(equals + 1));
    if (!mac || mac->is_multicast() || mac->is_zero()) return refuse(key, word, "not a MAC address a device can have");
    neighbours[address] = *mac;
    if (neighbours.size() > most_neighbours) {
      return refuse(key, text, fmt::format("more than {} neighbours", most_neighbours));
    }
  }
  network.neighbours = std::move(neighbours);
  return {};
}

struct Setting {
  std::string_view key;
  Take take;
};
constexpr std::array network_settings = {
    Setting{"subnet", take_subnet4},
    Setting{"subnet6", take_subnet6},
    Setting{"router", take_router4},
    Setting{"router6", take_router6},
    Setting{"dns", take_dns},
    Setting{"domain", take_domain},
    Setting{"pool", take_pool},
    Setting{"mtu", take_mtu},
    Setting{"metadata", take_metadata},
    Setting{"lease-time", take_lease_time},
    Setting{"neighbours", take_neighbours},
};

// "vlan10-subnet" is VLAN 10's "subnet"; without the prefix it is that of frames without a tag.
std::pair<std::uint16_t, std::string_view> split_key(std::string_view key) {
  if (!key.starts_with(vlan_prefix)) return {0, key};
  const auto hyphen = key.find('-');
  if (hyphen == std::string_view::npos) return {0, key};
  const auto digits = key.substr(vlan_prefix.size(), hyphen - vlan_prefix.size());
  std::uint16_t vlan = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), vlan);
  const bool is_vlan =
      error == std::errc{} && end == digits.data() + digits.size() && vlan >= 1 && vlan <= greatest_vlan;
  if (!is_vlan) return {0, key};
  return {vlan, key.substr(hyphen + 1)};
}

Result<> check_subnet(const std::string& prefix, std::string_view name, const std::optional<IpAddress>& address,
                      const std::optional<Subnet>& subnet) {
  if (!address) return {};
  const auto key = prefix + std::string(name);
  if (!subnet) return refuse(key, address->to_string(), "without a subnet it means nothing");
  if (!subnet->index_of(*address)) {
    return refuse(key, address->to_string(), fmt::format("not a host's address in {}", subnet->to_string()));
  }
  return {};
}

// What does not go together; the later key of a pair is left out.
void check(std::uint16_t vlan, ServedNetwork& network, std::string& error) {
  const auto prefix = vlan == 0 ? std::string() : fmt::format("vlan{}-", vlan);
  const auto keep_if = [&](auto& value, const Result<>& is_right) {
    if (!is_right) value.reset();
    note(is_right, error);
  };
  keep_if(network.router4, check_subnet(prefix, "router", network.router4, network.subnet4));
  if (network.router6 && !network.router6->is_link_local()) {
    keep_if(network.router6, refuse(prefix + "router6", network.router6->to_string(),
                                    "routers announce themselves by a link-local address (fe80::...)"));
  }
  for (auto* end : {&network.pool4_first, &network.pool4_last}) {
    keep_if(*end, check_subnet(prefix, "pool", *end, network.subnet4));
  }
  if (!network.pool4_first || !network.pool4_last) network.pool4_first = network.pool4_last = std::nullopt;
}

// --- guests -----------------------------------------------------------------------------------------------------

Result<> take_addresses(std::string_view key, const std::optional<std::string>& text, Family family, Guest& guest) {
  if (!text) return {};
  std::vector<IpAddress> addresses;
  for (const auto word : words_of(*text, separators)) addresses.push_back(TRY(host_address_of(key, word, family)));
  if (addresses.size() > most_guest_addresses) {
    return refuse(key, *text, fmt::format("{} addresses, {} at most", addresses.size(), most_guest_addresses));
  }
  guest.addresses.insert(guest.addresses.end(), addresses.begin(), addresses.end());
  return {};
}

Result<> take_hostname(const std::optional<std::string>& text, Guest& guest) {
  if (text) guest.hostname = TRY(name_of("hostname", *text));
  return {};
}

Result<> take_instance_id(const GuestConfig& config, Guest& guest) {
  for (const auto* text : {&config.instance_id, &config.vm_id, &config.iface_id}) {
    if (!*text) continue;
    const bool is_plain = !(*text)->empty() && (*text)->size() <= longest_instance_id &&
                          std::ranges::all_of(**text, [](char c) { return c > ' ' && c < '\x7f'; });
    if (!is_plain) {
      return refuse("instance-id", **text,
                    fmt::format("not 1 to {} printable characters without a space", longest_instance_id));
    }
    guest.instance_id = **text;
    return {};
  }
  return {};
}

Result<> take_ssh_keys(const std::optional<std::string>& text, Guest& guest) {
  if (!text) return {};
  std::vector<std::string> keys;
  for (auto rest = std::string_view(*text); !rest.empty();) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) keys.emplace_back(line);
  }
  if (keys.size() > most_ssh_keys) {
    return refuse("ssh-keys", *text, fmt::format("{} keys, {} at most", keys.size(), most_ssh_keys));
  }
  guest.ssh_keys = std::move(keys);
  return {};
}

Result<> take_user_data(const std::optional<std::string>& text, Guest& guest) {
  if (!text) return {};
  if (text->size() > most_user_data_bytes) {
    return refuse("user-data", *text, fmt::format("{} bytes, {} at most", text->size(), most_user_data_bytes));
  }
  guest.user_data = *text;
  return {};
}

Result<> take_mac(const std::optional<std::string>& text, Guest& guest) {
  guest.mac = TRY(unicast_mac(text, "external_ids:attached-mac"));
  return {};
}

// A word that is neither yes nor no is taken for yes: rather too strict than open.
Result<> take_port_security(const std::optional<std::string>& text, Guest& guest) {
  if (!text) return {};
  guest.is_confined = true;
  guest.is_confined = TRY(boolean_of("port-security", *text));
  return {};
}

}  // namespace

ServedNetworks networks_of(const std::map<std::string, std::string>& settings) {
  ServedNetworks result;
  for (const auto& [key, text] : settings) {
    const auto [vlan, name] = split_key(key);
    const auto* setting = std::ranges::find(network_settings, name, &Setting::key);
    if (setting != network_settings.end()) note(setting->take(key, text, result.networks[vlan]), result.error);
  }
  for (auto& [vlan, network] : result.networks) check(vlan, network, result.error);
  return result;
}

GuestBehind guest_of(const GuestConfig& config) {
  GuestBehind result;
  if (config == GuestConfig{}) return result;
  auto& guest = result.guest.emplace();
  note(take_mac(config.attached_mac, guest), result.error);
  note(take_addresses("ip-address", config.ip_address, Family::ipv4, guest), result.error);
  note(take_addresses("ip6-address", config.ip6_address, Family::ipv6, guest), result.error);
  note(take_hostname(config.hostname, guest), result.error);
  note(take_instance_id(config, guest), result.error);
  note(take_ssh_keys(config.ssh_keys, guest), result.error);
  note(take_user_data(config.user_data, guest), result.error);
  note(take_port_security(config.port_security, guest), result.error);
  return result;
}

}  // namespace weft::reconcile
