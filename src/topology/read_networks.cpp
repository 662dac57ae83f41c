#include "topology/read_networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "topology/fields.hpp"
#include "topology/limits.hpp"
#include "topology/members.hpp"
#include "topology/read_tunnel.hpp"
#include "topology/stable_names.hpp"

namespace weft::topology {
namespace {

constexpr std::uint32_t mtu_without_tunnel = 1500;
constexpr std::uint32_t vlan_tag_bytes = 4;  // Within the tunnel, the frames of a VLAN keep their tags.
constexpr std::uint32_t mtu6_min = 1280;     // RFC 8200 section 5.

struct Draft {
  Network network = {};
  Fields fields = {};
};

// The first network has the tutorial's names.
std::string bridge_of(const Item& item, bool is_first) {
  return item.fields.text_or("bridge", is_first ? "lu-br0" : device_name("br-" + item.name));
}

void check_router(const Fields& fields, std::string_view key, const std::optional<IpAddress>& router,
                  const std::optional<Subnet>& subnet, Complaints& complaints) {
  if (!router) return;
  if (!subnet) {
    complaints.add(fields.place(key), fmt::format("{} stands without a subnet that it is in", key));
  } else if (!subnet->index_of(*router)) {
    complaints.add(fields.place(key), fmt::format("{} is {}, which no host in {} can have", key, router->to_string(),
                                                  subnet->to_string()));
  }
}

Draft read_draft(const Item& item, bool is_first, Complaints& complaints) {
  const auto& fields = item.fields;
  Draft draft{{}, fields};
  auto& network = draft.network;
  network.name = item.name;
  network.bridge = bridge_of(item, is_first);
  network.vlan = static_cast<std::uint16_t>(fields.number("vlan").value_or(0));
  network.subnet4 = fields.subnet("subnet");
  network.subnet6 = fields.subnet("subnet6");
  network.router4 = fields.address("router");
  network.router6 = fields.address("router6");
  for (const auto& word : fields.words("dns")) network.dns.push_back(*IpAddress::parse(word.text));
  network.has_dhcp = fields.yes_no("dhcp", true);
  network.has_metadata = fields.yes_no("metadata", true);
  network.has_port_security = fields.yes_no("port-security", false);
  check_router(fields, "router", network.router4, network.subnet4, complaints);
  check_router(fields, "router6", network.router6, network.subnet6, complaints);
  return draft;
}

// All drafts of one bridge have its tunnel.
void give_tunnels(const std::vector<Host>& hosts, std::vector<Draft>& drafts, Complaints& complaints) {
  std::map<std::string, Tunnel> by_bridge;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    auto& [network, fields] = drafts[i];
    if (by_bridge.contains(network.bridge) || !fields.has("vni")) continue;
    const auto usual_name = i == 0 ? "vxlan0" : fmt::format("vxlan{}", *fields.number("vni"));
    by_bridge[network.bridge] = read_tunnel(fields, usual_name, hosts, complaints);
  }
  for (auto& [network, fields] : drafts) {
    const auto found = by_bridge.find(network.bridge);
    if (found == by_bridge.end()) {
      check_no_tunnel(fields, complaints);
      continue;
    }
    network.tunnel = found->second;
    check_same_tunnel(fields, network, complaints);
  }
}

void give_mtu(const std::vector<Host>& hosts, Draft& draft, Complaints& complaints) {
  auto& [network, fields] = draft;
  auto carried = mtu_without_tunnel;
  if (network.tunnel && !hosts.empty()) {
    carried = std::ranges::min_element(hosts, {}, &Host::mtu_bytes)->mtu_bytes - overhead_bytes(*network.tunnel) -
              (network.vlan == 0 ? 0 : vlan_tag_bytes);
  }
  network.mtu_bytes = fields.number("mtu").value_or(carried);
  if (network.mtu_bytes > carried) {
    complaints.add(fields.place("mtu"),
                   fmt::format("mtu is {}, but {} carries {} at most{}", network.mtu_bytes,
                               network.tunnel ? network.tunnel->name : "a bridge without tunnel", carried,
                               network.tunnel ? "; raise the hosts' mtu, or leave this out" : ""));
  }
  if (network.subnet6 && network.mtu_bytes < mtu6_min) {
    complaints.add(fields.place("mtu"),
                   fmt::format("the network's mtu is {}; IPv6 needs {}", network.mtu_bytes, mtu6_min));
  }
}

// What has to be different between networks.
void check_apart(const std::vector<Draft>& drafts, Complaints& complaints) {
  std::map<std::pair<std::string, int>, const Draft*> vlans;
  std::map<std::pair<std::uint32_t, int>, const Draft*> vnis;
  std::map<std::string, const Draft*> devices;
  for (const auto& draft : drafts) {
    const auto& network = draft.network;
    const auto [twin, has_own_vlan] = vlans.emplace(std::pair(network.bridge, network.vlan), &draft);
    if (!has_own_vlan) {
      complaints.add(
          draft.fields.place("vlan"),
          fmt::format("networks {} and {} are both {} on bridge {}; give one another vlan, or another bridge",
                      twin->second->network.name, network.name,
                      network.vlan == 0 ? "untagged" : fmt::format("VLAN {}", network.vlan), network.bridge));
    }
    if (!network.tunnel) continue;
    const auto& tunnel = *network.tunnel;
    const auto other = vnis.emplace(std::pair(tunnel.vni, tunnel.udp_port), &draft).first->second;
    if (other->network.bridge != network.bridge) {
      complaints.add(
          draft.fields.place("vni"),
          fmt::format("VNI {} is on bridge {} and, in network {}, on bridge {}; give one another vni or udp-port",
                      tunnel.vni, network.bridge, other->network.name, other->network.bridge));
    }
    const auto namesake = devices.emplace(tunnel.name, &draft).first->second;
    if (namesake->network.bridge != network.bridge) {
      complaints.add(draft.fields.place("tunnel"),
                     fmt::format("the tunnel {} is on bridge {} already", tunnel.name, namesake->network.bridge));
    }
  }
}

void check_device_names(const std::vector<Host>& hosts, const std::vector<Draft>& drafts, Complaints& complaints) {
  for (const auto& [network, fields] : drafts) {
    const auto is_taken = [&](const std::string& name) {
      return name == "lo" || std::ranges::any_of(hosts, [&](const Host& host) { return host.device == name; });
    };
    if (is_taken(network.bridge)) {
      complaints.add(fields.place("bridge"), fmt::format("the bridge's name {} is another device's", network.bridge));
    }
    if (!network.tunnel) continue;
    const auto is_bridge = [&](const Draft& draft) { return draft.network.bridge == network.tunnel->name; };
    if (is_taken(network.tunnel->name) || std::ranges::any_of(drafts, is_bridge)) {
      complaints.add(fields.place("tunnel"),
                     fmt::format("the tunnel's name {} is another device's", network.tunnel->name));
    }
  }
}

}  // namespace

std::vector<Network> read_networks(const YamlNode& file, const std::vector<Host>& hosts, Complaints& complaints) {
  std::vector<Draft> drafts;
  TakenNames names;
  for (const auto& item : items_of(file, "networks")) {
    if (drafts.size() == networks_max) {
      complaints.add(item.fields.place(), fmt::format("more than {} networks", networks_max));
      break;
    }
    names.take(item.name, item.fields.place(), complaints);
    drafts.push_back(read_draft(item, drafts.empty(), complaints));
  }
  give_tunnels(hosts, drafts, complaints);
  for (auto& draft : drafts) give_mtu(hosts, draft, complaints);
  check_apart(drafts, complaints);
  check_device_names(hosts, drafts, complaints);
  std::vector<Network> networks;
  for (auto& draft : drafts) networks.push_back(std::move(draft.network));
  return networks;
}

}  // namespace weft::topology
