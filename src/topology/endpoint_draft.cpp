#include "topology/endpoint_draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/near_name.hpp"
#include "topology/limits.hpp"

namespace weft::topology {
namespace {

constexpr std::string_view all_hosts = "all";

std::vector<std::string> names_of(const std::vector<Host>& hosts) {
  std::vector<std::string> names;
  for (const auto& host : hosts) names.push_back(host.name);
  return names;
}

// What a name in `host` or `hosts` means; empty after a complaint.
std::vector<std::string> find_hosts(const Word& word, const Machines& machines, Complaints& complaints) {
  if (const auto group = machines.groups.find(word.text); group != machines.groups.end()) return group->second;
  auto names = names_of(machines.hosts);
  if (std::ranges::find(names, word.text) != names.end()) return {word.text};
  if (word.text == all_hosts) return names;
  complaints.add(word.place, fmt::format("there is no host \"{}\"{}", word.text, suggest_name(word.text, names)));
  return {};
}

// The hosts that an item's members are on, in turn; empty after a complaint.
std::vector<std::string> hosts_of(const Fields& fields, bool is_group, const Machines& machines,
                                  Complaints& complaints) {
  if (fields.has("host") && fields.has("hosts")) {
    complaints.add(fields.place("hosts"), "an endpoint has host or hosts, not both");
    return {};
  }
  if (fields.has("hosts") && !is_group) {
    complaints.add(fields.place("hosts"),
                   "hosts stands without a count; expected count or per-host too, or `host: NAME`");
    return {};
  }
  std::vector<std::string> hosts;
  for (const auto* key : {"host", "hosts"}) {
    for (const auto& word : fields.words(key))
      std::ranges::copy(find_hosts(word, machines, complaints), std::back_inserter(hosts));
  }
  if (!fields.has("host") && !fields.has("hosts")) hosts = names_of(machines.hosts);
  if (hosts.size() > 1 && !is_group) {
    complaints.add(fields.place("host"), fmt::format("which host? Expected `host: {}` or another one", hosts.front()));
    return {};
  }
  return hosts;
}

const Network* network_of(const Fields& fields, const std::vector<Network>& networks, Complaints& complaints) {
  const auto name = fields.text("network");
  if (!name && networks.size() == 1) return networks.data();
  std::vector<std::string> names;
  for (const auto& network : networks) names.push_back(network.name);
  if (!name) {
    complaints.add(fields.place(),
                   names.empty() ? std::string("there is no network; expected a section like "
                                               "\"networks: {net0: {vni: 100, group: 239.0.0.1}}\"")
                                 : fmt::format("which network? Expected `network: {}` or another one", names.front()));
    return nullptr;
  }
  const auto found = std::ranges::find(networks, *name, &Network::name);
  if (found != networks.end()) return &*found;
  complaints.add(fields.place("network"),
                 fmt::format("there is no network \"{}\"{}", *name, suggest_name(*name, names)));
  return nullptr;
}

// How many an item makes; none: it stands alone. More than endpoints_max is as good as any.
std::optional<std::uint32_t> count_of(const Fields& fields, std::size_t host_count) {
  if (const auto count = fields.number("count")) return count;
  const auto per_host = fields.number("per-host");
  if (!per_host) return std::nullopt;
  return static_cast<std::uint32_t>(std::min(*per_host * host_count, endpoints_max + 1));
}

class Reader {
 public:
  Reader(const Machines& machines, const std::vector<Network>& networks, TakenNames& names, Complaints& complaints)
      : machines_(machines), networks_(networks), names_(names), complaints_(complaints) {}

  void read(const Item& item, bool is_machine) {
    const auto& fields = item.fields;
    const bool is_group = fields.has("count") || fields.has("per-host");
    if (fields.has("count") && fields.has("per-host")) {
      complaints_.add(fields.place("per-host"), "a group has count or per-host, not both");
    }
    const auto hosts = hosts_of(fields, is_group, machines_, complaints_);
    const auto* network = network_of(fields, networks_, complaints_);
    for (const auto* key : {"mac", "port"}) {
      if (!is_group || !fields.has(key)) continue;
      complaints_.add(fields.place(key), fmt::format("the members of a group cannot share one {}", key));
      return;
    }
    if (hosts.empty() || network == nullptr) return;
    const auto count = count_of(fields, hosts.size());
    if (found_.size() + count.value_or(1) > endpoints_max) {
      complaints_.add(fields.place(), fmt::format("more than {} containers and virtual machines", endpoints_max));
      return;
    }
    const auto members = member_names(item.name, count);
    for (std::uint32_t i = 0; i < members.size(); ++i) {
      if (!names_.take(members[i], fields.place(), complaints_)) continue;
      EndpointDraft draft{members[i], hosts[i % hosts.size()], is_machine, fields, network};
      if (is_group) draft.group = groups_;
      draft.member = i;
      draft.attachment.network = network->name;
      found_.push_back(std::move(draft));
    }
    if (is_group) ++groups_;
  }

  std::vector<EndpointDraft> found() && { return std::move(found_); }

 private:
  const Machines& machines_;
  const std::vector<Network>& networks_;
  TakenNames& names_;
  Complaints& complaints_;
  std::vector<EndpointDraft> found_ = {};
  std::size_t groups_ = 0;
};

// A network that spans hosts needs a tunnel.
void check_spans(const std::vector<EndpointDraft>& drafts, Complaints& complaints) {
  std::map<const Network*, const EndpointDraft*> first;
  for (const auto& draft : drafts) {
    const auto*& other = first.emplace(draft.network, &draft).first->second;
    if (draft.network->tunnel || other == nullptr || other->host == draft.host) continue;
    complaints.add(draft.fields.place(),
                   fmt::format("network {} is on {} and {}, but has no tunnel; expected `vni: 100` and a "
                               "`group` in the network",
                               draft.network->name, other->host, draft.host));
    other = nullptr;  // Once is enough.
  }
}

}  // namespace

std::vector<EndpointDraft> read_endpoints(const YamlNode& file, const Machines& machines,
                                          const std::vector<Network>& networks, TakenNames& names,
                                          Complaints& complaints) {
  Reader reader(machines, networks, names, complaints);
  for (const auto& item : items_of(file, "containers")) reader.read(item, false);
  for (const auto& item : items_of(file, "vms")) reader.read(item, true);
  auto found = std::move(reader).found();
  check_spans(found, complaints);
  return found;
}

}  // namespace weft::topology
