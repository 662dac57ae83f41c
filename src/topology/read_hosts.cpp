#include "topology/read_hosts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "base/near_name.hpp"
#include "topology/fields.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

constexpr std::string_view usual_underlay4 = "172.31.99.0/24";
constexpr std::string_view usual_underlay6 = "fd57:6566:7499::/64";
constexpr std::uint32_t usual_mtu = 1500;

// What simulated hosts get their underlay addresses from.
struct Underlay {
  std::optional<Subnet> subnet4 = {}, subnet6 = {};
  std::uint32_t mtu_bytes = usual_mtu;
};

bool is_group_over_ipv6(const Item& network) {
  const auto group = network.fields.address("group");
  return group && !group->is_v4();
}

Underlay read_underlay(const YamlNode& file) {
  const auto fields = fields_of(file, "underlay");
  Underlay underlay{fields.subnet("subnet"), fields.subnet("subnet6"), fields.number("mtu").value_or(usual_mtu)};
  if (!underlay.subnet4 && !underlay.subnet6) underlay.subnet4 = Subnet::parse(usual_underlay4);
  const auto networks = items_of(file, "networks");
  if (!underlay.subnet6 && std::ranges::any_of(networks, is_group_over_ipv6)) {
    underlay.subnet6 = Subnet::parse(usual_underlay6);
  }
  return underlay;
}

SwitchKind read_switch(const Fields& fields) {
  const auto text = fields.text_or("switch", "weft");
  if (text == "openvswitch") return SwitchKind::openvswitch;
  return text == "linux-bridge" ? SwitchKind::linux_bridge : SwitchKind::weft;
}

// Hosts as the file has them; a place and the file's own MTU for each.
struct Draft {
  Host host = {};
  Place place = {};
  bool has_mtu = false;
};

void read_addresses(const Fields& fields, bool is_group, Host& host, Complaints& complaints) {
  for (const auto& [text, place] : fields.words("underlay")) {
    if (is_group) complaints.add(place, "the hosts of a group cannot share an address; leave `underlay` out");
    const auto bare = IpAddress::parse(text);
    if (bare && host.is_simulated()) {
      complaints.add(place, fmt::format("underlay is \"{}\"; expected its prefix length too, like {}/{}", text, text,
                                        bare->is_v4() ? 24 : 64));
    }
    // To a real host's address only others send; the host has it already.
    const auto whole = static_cast<std::uint8_t>(bare && bare->is_v4() ? 32 : 128);
    host.underlay.push_back(bare ? InterfaceAddress{*bare, whole} : *InterfaceAddress::parse(text));
  }
}

std::vector<Draft> read_drafts(const YamlNode& file, const Underlay& underlay, Machines& machines, TakenNames& names,
                               Complaints& complaints) {
  std::vector<Draft> drafts;
  for (const auto& item : items_of(file, "hosts")) {
    const auto count = item.fields.number("count");
    auto members = member_names(item.name, count);
    if (drafts.size() + members.size() > hosts_max) {
      complaints.add(item.fields.place(), fmt::format("more than {} hosts", hosts_max));
      break;
    }
    if (count && item.fields.has("ssh")) {
      complaints.add(item.fields.place("ssh"), "the hosts of a group cannot be one machine; name each real host");
    }
    for (const auto& name : members) {
      names.take(name, item.fields.place(), complaints);
      Draft draft{{}, item.fields.place(), item.fields.has("mtu")};
      draft.host.name = name;
      draft.host.ssh = item.fields.text_or("ssh", "");
      draft.host.switch_kind = read_switch(item.fields);
      draft.host.device = item.fields.text_or("device", "eth0");
      draft.host.mtu_bytes = item.fields.number("mtu").value_or(underlay.mtu_bytes);
      read_addresses(item.fields, count.has_value(), draft.host, complaints);
      drafts.push_back(std::move(draft));
    }
    machines.groups[item.name] = std::move(members);
  }
  return drafts;
}

// Each host has the address that its position gives, if no host has it by the file.
void give_addresses(const Underlay& underlay, std::vector<Draft>& drafts, Complaints& complaints) {
  std::map<IpAddress, Place> taken;
  for (const auto& draft : drafts) {
    for (const auto& own : draft.host.underlay) {
      const auto [other, is_new] = taken.emplace(own.address, draft.place);
      if (!is_new) {
        complaints.add(draft.place, fmt::format("the underlay address {} is given twice; first to the host on line {}",
                                                own.address.to_string(), other->second.line));
      }
    }
  }
  for (const auto& subnet : {underlay.subnet4, underlay.subnet6}) {
    if (!subnet) continue;
    std::uint32_t next = 0;
    for (auto& [host, place, has_mtu] : drafts) {
      if (!host.is_simulated()) continue;
      if (std::ranges::any_of(host.underlay, [&](const auto& own) { return own.address.is_v4() == subnet->is_v4(); })) {
        continue;
      }
      while (next < subnet->host_count() && taken.contains(subnet->host(next))) ++next;
      if (next >= subnet->host_count()) {
        complaints.add(
            place, fmt::format("the underlay's subnet {} has no address left for {}", subnet->to_string(), host.name));
        return;
      }
      host.underlay.push_back({subnet->host(next++), subnet->prefix_bits()});
    }
  }
}

Link one_segment(const std::vector<Draft>& drafts) {
  Link link{{}, 0};
  for (const auto& [host, place, has_mtu] : drafts) {
    if (!host.is_simulated()) continue;
    link.ends.push_back({host.name, host.device});
    link.mtu_bytes = std::max(link.mtu_bytes, host.mtu_bytes);
  }
  return link;
}

LinkEnd read_end(const std::string& text) {
  const auto colon = text.find(':');
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Link read_link(const Fields& fields, std::vector<Draft>& drafts, std::set<std::string>& used, Complaints& complaints) {
  Link link{{}, 0};
  const auto own_mtu = fields.number("mtu");
  const auto ends = fields.words("endpoints");
  if (ends.size() < 2)
    complaints.add(fields.place("endpoints"), "a link has at least two ends, like [host1:eth0, host2:eth0]");
  for (const auto& [text, place] : ends) {
    const auto end = read_end(text);
    const auto draft = std::ranges::find(drafts, end.host, [](const Draft& one) { return one.host.name; });
    if (draft == drafts.end()) {
      std::vector<std::string> known;
      for (const auto& one : drafts) known.push_back(one.host.name);
      complaints.add(place, fmt::format("there is no host \"{}\"{}", end.host, suggest_name(end.host, known)));
      continue;
    }
    auto& host = draft->host;
    if (!host.is_simulated())
      complaints.add(place, fmt::format("{} is a real host, whose wires are real, too", end.host));
    if (!used.insert(text).second) complaints.add(place, fmt::format("{} is the end of two links", text));
    const bool is_underlay = end.device == host.device;
    if (is_underlay && own_mtu && !draft->has_mtu) host.mtu_bytes = *own_mtu;
    link.mtu_bytes = std::max(link.mtu_bytes, own_mtu.value_or(host.mtu_bytes));
    link.ends.push_back(end);
  }
  return link;
}

std::vector<Link> read_links(const YamlNode& file, std::vector<Draft>& drafts, Complaints& complaints) {
  const auto items = items_of(file, "links");
  if (items.empty()) {
    auto link = one_segment(drafts);
    if (link.ends.empty()) return {};
    return {std::move(link)};
  }
  std::vector<Link> links;
  std::set<std::string> used;
  for (const auto& item : items) links.push_back(read_link(item.fields, drafts, used, complaints));
  for (const auto& [host, place, has_mtu] : drafts) {
    const auto end = fmt::format("{}:{}", host.name, host.device);
    if (!host.is_simulated() || used.contains(end)) continue;
    complaints.add(place, fmt::format("no link ends at {}, the host's way to the others", end));
  }
  return links;
}

}  // namespace

Machines read_hosts(const YamlNode& file, TakenNames& names, Complaints& complaints) {
  Machines machines;
  const auto underlay = read_underlay(file);
  auto drafts = read_drafts(file, underlay, machines, names, complaints);
  give_addresses(underlay, drafts, complaints);
  machines.links = read_links(file, drafts, complaints);
  const auto is_real = [](const Draft& draft) { return !draft.host.is_simulated(); };
  const auto real = std::ranges::find_if(drafts, is_real);
  if (real != drafts.end() && !std::ranges::all_of(drafts, is_real)) {
    complaints.add(real->place,
                   fmt::format("{} is real and others are simulated: no wire is between them", real->host.name));
  }
  for (auto& draft : drafts) machines.hosts.push_back(std::move(draft.host));
  return machines;
}

}  // namespace weft::topology
