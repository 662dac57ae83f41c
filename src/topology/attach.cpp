#include "topology/attach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "topology/allotment.hpp"
#include "topology/stable_names.hpp"

namespace weft::topology {
namespace {

constexpr std::string_view dhcp = "dhcp";
constexpr std::string_view libvirt_prefix = "vnet";  // libvirt replaces such names by its own.

struct Family {
  std::string_view key;
  std::optional<Subnet> Network::* subnet;
  std::optional<IpAddress> Network::* router;
  std::optional<IpAddress> Attachment::* address;
};
constexpr Family families[] = {
    {"address", &Network::subnet4, &Network::router4, &Attachment::address4},
    {"address6", &Network::subnet6, &Network::router6, &Attachment::address6},
};

// Of those that an endpoint has, the one that is of the subnet.
std::optional<IpAddress> kept_address(const KnownAddresses& known, const std::string& name,
                                      const std::optional<Subnet>& subnet) {
  const auto found = known.find(name);
  if (found == known.end() || !subnet) return std::nullopt;
  const auto kept = std::ranges::find_if(found->second, [&](const IpAddress& one) { return subnet->contains(one); });
  return kept == found->second.end() ? std::nullopt : std::optional(*kept);
}

void give_addresses(const Network& network, const Family& family, const KnownAddresses& known,
                    std::vector<EndpointDraft>& drafts, Complaints& complaints) {
  std::vector<EndpointDraft*> members;
  std::vector<Wish> wishes;
  const auto& subnet = network.*family.subnet;
  for (auto& draft : drafts) {
    if (draft.network != &network) continue;
    const auto address = draft.fields.address(family.key);
    if (!subnet && draft.fields.has(family.key)) {
      complaints.add(draft.fields.place(family.key),
                     fmt::format("network {} has no {} that addresses are from", network.name,
                                 family.key == "address" ? "subnet" : "subnet6"));
    }
    members.push_back(&draft);
    wishes.push_back({draft.name, draft.fields.place(family.key), address, kept_address(known, draft.name, subnet),
                      draft.group, draft.member});
  }
  if (!subnet) return;
  const auto given = allot(*subnet, wishes, network.*family.router, network.dns, complaints);
  for (std::size_t i = 0; i < members.size(); ++i) members[i]->attachment.*family.address = given[i];
}

bool has_weft(const Machines& machines, const std::string& host) {
  const auto found = std::ranges::find(machines.hosts, host, &Host::name);
  return found != machines.hosts.end() && found->switch_kind == SwitchKind::weft;
}

void decide_asking(const Machines& machines, EndpointDraft& draft, Complaints& complaints) {
  const bool is_answered = draft.network->has_dhcp && has_weft(machines, draft.host);
  if (draft.is_machine) {
    draft.attachment.asks_for_address = is_answered && (draft.network->subnet4 || draft.network->subnet6);
    return;
  }
  if (draft.fields.text("address") != dhcp) return;
  draft.attachment.asks_for_address = true;
  if (is_answered) return;
  complaints.add(draft.fields.place("address"),
                 draft.network->has_dhcp
                     ? fmt::format("weftd answers DHCP, and {} on host {} has another switch", draft.name, draft.host)
                     : fmt::format("network {} has dhcp: false", draft.network->name));
}

void give_macs(std::string_view lab, std::vector<EndpointDraft>& drafts, Complaints& complaints) {
  std::map<MacAddress, Place> taken;
  for (auto& draft : drafts) {
    const auto mac = draft.fields.mac("mac");
    if (!mac) continue;
    const auto place = draft.fields.place("mac");
    const auto [other, is_new] = taken.emplace(*mac, place);
    if (!is_new)
      complaints.add(place, fmt::format("{} is given twice; first on line {}", mac->to_string(), other->second.line));
    draft.attachment.mac = *mac;
  }
  for (auto& draft : drafts) {
    if (draft.fields.has("mac")) continue;
    for (std::uint32_t attempt = 0;; ++attempt) {
      draft.attachment.mac = stable_mac(lab, draft.name, attempt);
      if (taken.emplace(draft.attachment.mac, draft.fields.place()).second) break;
    }
  }
}

void give_ports(const Machines& machines, const std::vector<Network>& networks, std::vector<EndpointDraft>& drafts,
                Complaints& complaints) {
  std::set<std::string> switches;
  for (const auto& network : networks) {
    switches.insert(network.bridge);
    if (network.tunnel) switches.insert(network.tunnel->name);
  }
  std::map<std::string, std::map<std::string, const EndpointDraft*>> by_host;
  for (auto& draft : drafts) {
    auto& port = draft.attachment.port;
    port = draft.fields.text_or("port", device_name(draft.name));
    const auto place = draft.fields.place("port");
    const auto host = std::ranges::find(machines.hosts, draft.host, &Host::name);
    if (port == "lo" || switches.contains(port) || (host != machines.hosts.end() && host->device == port)) {
      complaints.add(place, fmt::format("the port's name {} is another device's on {}; expected another `port`", port,
                                        draft.host));
    }
    if (draft.is_machine && port.starts_with(libvirt_prefix)) {
      complaints.add(
          place,
          fmt::format("the port's name {} begins with {}, which libvirt keeps to itself; expected another `port`", port,
                      libvirt_prefix));
    }
    const auto [other, is_new] = by_host[draft.host].emplace(port, &draft);
    if (is_new) continue;
    complaints.add(place, fmt::format("the port {} of {} is {}'s on {} already", port, draft.name, other->second->name,
                                      draft.host));
  }
}

}  // namespace

void attach(std::string_view lab, const Machines& machines, const std::vector<Network>& networks,
            const KnownAddresses& known, std::vector<EndpointDraft>& drafts, Complaints& complaints) {
  for (const auto& network : networks) {
    for (const auto& family : families) give_addresses(network, family, known, drafts, complaints);
  }
  for (auto& draft : drafts) decide_asking(machines, draft, complaints);
  give_macs(lab, drafts, complaints);
  give_ports(machines, networks, drafts, complaints);
}

}  // namespace weft::topology
