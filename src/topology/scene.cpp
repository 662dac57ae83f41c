#include "topology/scene.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::topology {
namespace {

template <class Map, class Key>
Health health_of(const Map& known, const Key& key) {
  const auto found = known.find(key);
  return found == known.end() ? Health::unknown : found->second;
}

std::string_view name_of(SwitchKind kind) {
  switch (kind) {
    case SwitchKind::openvswitch:
      return "Open vSwitch";
    case SwitchKind::linux_bridge:
      return "Linux bridge";
    case SwitchKind::weft:
      break;
  }
  return "Weft";
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string summary_of(const Topology& lab) {
  auto text = counted(lab.hosts.size(), "host", "hosts");
  if (!lab.containers.empty()) text += ", " + counted(lab.containers.size(), "container", "containers");
  if (!lab.machines.empty()) text += ", " + counted(lab.machines.size(), "virtual machine", "virtual machines");
  return text;
}

std::string facts_of(const Network& network) {
  std::vector<std::string> facts;
  for (const auto& subnet : {network.subnet4, network.subnet6}) {
    if (subnet) facts.push_back(subnet->to_string());
  }
  if (network.vlan != 0) facts.push_back(fmt::format("VLAN {}", network.vlan));
  if (const auto& tunnel = network.tunnel) {
    facts.push_back(fmt::format("VNI {}", tunnel->vni));
    facts.push_back(tunnel->group ? "group " + tunnel->group->to_string() : "to each host");
    facts.push_back(fmt::format("UDP port {}", tunnel->udp_port));
  }
  facts.push_back(fmt::format("MTU {}", network.mtu_bytes));
  return fmt::format("{}", fmt::join(facts, ", "));
}

std::vector<std::string> addresses_of(const Attachment& attachment) {
  std::vector<std::string> addresses;
  for (const auto& address : {attachment.address4, attachment.address6}) {
    if (address) addresses.push_back(address->to_string());
  }
  return addresses;
}

// Puts hosts, bridges and endpoints together.
class Builder {
 public:
  Builder(const Topology& lab, const LabState& state, std::size_t shown_max)
      : lab_(lab), state_(state), shown_max_(shown_max) {
    for (std::size_t i = 0; i < lab.networks.size(); ++i) networks_[lab.networks[i].name] = i;
  }

  std::vector<SceneHost> hosts() {
    for (const auto& host : lab_.hosts) add_host(host);
    for (const auto& one : lab_.containers) add_endpoint(one.name, one.host, one.attachment, false);
    for (const auto& one : lab_.machines) add_endpoint(one.name, one.host, one.attachment, true);
    for (auto& host : hosts_) {
      for (auto& bridge : host.bridges) fold(bridge);
    }
    return std::move(hosts_);
  }

 private:
  void add_host(const Host& host) {
    SceneHost scene{host.name, std::string(name_of(host.switch_kind)), host.device};
    for (const auto& own : host.underlay) scene.addresses.push_back(own.address.to_string());
    scene.health = health_of(state_.hosts, host.name);
    by_name_[host.name] = hosts_.size();
    hosts_.push_back(std::move(scene));
    for (const auto& network : lab_.networks) {
      if (network.tunnel) (void)bridge_of(hosts_.back(), network);
    }
  }

  // A bridge without a tunnel is only where somebody is behind it.
  SceneBridge& bridge_of(SceneHost& host, const Network& network) {
    const auto found = std::ranges::find(host.bridges, network.bridge, &SceneBridge::name);
    if (found != host.bridges.end()) return *found;
    SceneBridge bridge{network.bridge};
    if (network.tunnel) {
      bridge.tunnel = network.tunnel->name;
      bridge.vni = network.tunnel->vni;
      bridge.tunnel_health = health_of(state_.tunnels, std::pair(host.name, bridge.tunnel));
    }
    return host.bridges.emplace_back(std::move(bridge));
  }

  void add_endpoint(const std::string& name, const std::string& host, const Attachment& attachment, bool is_machine) {
    const auto number = networks_.at(attachment.network);
    const auto& network = lab_.networks[number];
    SceneEndpoint endpoint{name,         addresses_of(attachment),         attachment.port, is_machine, number,
                           network.vlan, health_of(state_.endpoints, name)};
    if (const auto known = state_.addresses.find(name); known != state_.addresses.end())
      endpoint.addresses = known->second;
    bridge_of(hosts_[by_name_.at(host)], network).endpoints.push_back(std::move(endpoint));
  }

  // Those that are down are not hidden.
  void fold(SceneBridge& bridge) const {
    if (bridge.endpoints.size() <= shown_max_) return;
    std::ranges::stable_partition(bridge.endpoints, [](const auto& one) { return one.health == Health::down; });
    bridge.more = bridge.endpoints.size() - shown_when_folded;
    bridge.endpoints.resize(shown_when_folded);
  }

  const Topology& lab_;
  const LabState& state_;
  std::size_t shown_max_;
  std::map<std::string, std::size_t> networks_ = {}, by_name_ = {};
  std::vector<SceneHost> hosts_ = {};
};

}  // namespace

Scene make_scene(const Topology& lab, const LabState& state, std::size_t shown_max) {
  Scene scene{lab.name, summary_of(lab)};
  for (const auto& network : lab.networks) scene.networks.push_back({network.name, facts_of(network)});
  scene.hosts = Builder(lab, state, shown_max).hosts();
  return scene;
}

}  // namespace weft::topology
