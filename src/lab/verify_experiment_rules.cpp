// Reasons that show when test frames are sent: how far do they come, and what counts them on the way?
#include <algorithm>

#include "lab/verify_rules.hpp"

namespace weft::lab {
namespace {

// How far the frames of the experiment came over the underlay.
struct Journey {
  std::vector<prober::Captured> left, arrived;
  bool was_received = false;  // By the tunnel's device at the target.
  bool was_sent = false;      // By the one at the source.
};

// Counters also count what others send meanwhile, so a few are not enough.
bool has_counted(std::uint64_t before, std::uint64_t after, std::size_t frames) {
  return after >= before && after - before >= (frames + 1) / 2;
}

Journey journey_of(const Case& open) {
  const auto& experiment = *open.experiment;
  Journey journey;
  for (const auto& packet : experiment.at_source) {
    if (packet.is_outgoing && packet.from == open.from.number) journey.left.push_back(packet);
  }
  for (const auto& packet : experiment.at_target) {
    if (!packet.is_outgoing && packet.from == open.from.number) journey.arrived.push_back(packet);
  }
  const auto& name = open.network->tunnel->name;
  const auto* before = experiment.target_before.link(name);
  const auto* after = experiment.target_after.link(name);
  journey.was_received =
      before != nullptr && after != nullptr && has_counted(before->received, after->received, experiment.frames);
  before = experiment.source_before.link(name);
  after = experiment.source_after.link(name);
  journey.was_sent = before != nullptr && after != nullptr && has_counted(before->sent, after->sent, experiment.frames);
  return journey;
}

std::uint64_t frames_in(const HostView& view, const DropView& drop) {
  const auto found = std::ranges::find_if(
      view.drops, [&](const DropView& other) { return other.port == drop.port && other.reason == drop.reason; });
  return found != view.drops.end() ? found->frames : 0;
}

// At the ports that `is_concerned` says.
std::optional<Reason> drops_moved(const Case& open, bool (*is_concerned)(const Case&, const std::string& port)) {
  const auto& experiment = *open.experiment;
  const auto moved = [&](const End& end, const HostView& before, const HostView& after) -> std::optional<Reason> {
    for (const auto& drop : after.drops) {
      if (!is_concerned(open, drop.port)) continue;
      if (!has_counted(frames_in(before, drop), drop.frames, experiment.frames)) continue;
      return Reason{
          fmt::format("the switch on {} drops the frames at the port {}: {}", end.host->name, drop.port, drop.text),
          end.host->name, fmt::format("weft drops {}", drop.port)};
    }
    return std::nullopt;
  };
  if (auto reason = moved(open.from, experiment.source_before, experiment.source_after)) return reason;
  if (!open.crosses_hosts()) return std::nullopt;
  return moved(open.to, experiment.target_before, experiment.target_after);
}

std::optional<Reason> frames_are_dropped(const Case& open) {
  return drops_moved(open, [](const Case&, const std::string&) { return true; });
}

std::optional<Reason> address_is_elsewhere(const Case& open) {
  const auto expected_port = [&](const End& end) {
    return open.to.host == end.host ? open.to.member->port : open.network->tunnel->name;
  };
  for (const auto* end : open.ends()) {
    const auto& view = end == &open.from ? open.experiment->source_after : open.experiment->target_after;
    const auto addresses = view.addresses.find(open.network->bridge);
    if (addresses == view.addresses.end()) continue;
    for (const auto& address : addresses->second) {
      if (address.mac != open.to.endpoint->mac || address.vlan != open.network->vlan) continue;
      const auto port = expected_port(*end);
      if (address.port == port) continue;
      return Reason{
          fmt::format("the switch on {} knows the address {} of {} behind the port {}, not behind {}", end->host->name,
                      address.mac.to_string(), open.to.endpoint->name, address.port, port),
          end->host->name,
          fmt::format("ovs-appctl fdb/del {} {} {}", open.network->bridge, address.vlan, address.mac.to_string())};
    }
    if (!open.crosses_hosts()) break;
  }
  return std::nullopt;
}

// A rule of nftables that we have seen there, by its handle; else where to look.
std::string cure_of_filter(const HostView& view, const std::string& device, std::uint16_t udp_port) {
  for (const auto& filter : view.filters) {
    if (filter.udp_port != udp_port) continue;
    return fmt::format("nft delete rule {} {} {} handle {}", filter.family, filter.table, filter.chain, filter.handle);
  }
  return fmt::format("nft list ruleset; tc filter show dev {} ingress; tc filter show dev {} egress", device, device);
}

std::optional<Reason> tunnel_packets_are_lost(const Case& open) {
  if (!open.crosses_hosts()) return std::nullopt;
  const auto journey = journey_of(open);
  const auto& tunnel = *open.network->tunnel;
  const auto& source = *open.from.host;
  const auto& target = *open.to.host;
  if (journey.left.empty()) {
    if (!journey.was_sent) return std::nullopt;
    return Reason{fmt::format("UDP {} is filtered on {}: {} sends, but nothing leaves {}", tunnel.udp_port, source.name,
                              tunnel.name, source.device),
                  source.name, cure_of_filter(open.experiment->source_after, source.device, tunnel.udp_port)};
  }
  if (journey.arrived.empty()) {
    if (open.failing == Failing::full_size) {
      return Reason{fmt::format("packets of {} bytes leave {} of {} and do not arrive at {} of {}, smaller ones do: a "
                                "device between them has a smaller MTU",
                                journey.left.front().bytes, source.device, source.name, target.device, target.name),
                    source.name, fmt::format("tracepath -n {}", journey.left.front().destination.to_string())};
    }
    return Reason{
        fmt::format("UDP {} is filtered between {} and {}: packets to {} leave {} of {} and none arrives at {} of {}",
                    tunnel.udp_port, source.name, target.name, journey.left.front().destination.to_string(),
                    source.device, source.name, target.device, target.name),
        source.name, fmt::format("tcpdump -n -i {} udp port {}", source.device, tunnel.udp_port)};
  }
  const auto* device = open.to.view != nullptr ? open.to.view->link(tunnel.name) : nullptr;
  const auto vni = journey.arrived.front().vni;
  if (device != nullptr && device->vni != 0 && device->vni != vni) {
    return Reason{fmt::format("the VNI differs: packets with VNI {} arrive at {}, whose {} has {}", vni, target.name,
                              tunnel.name, device->vni),
                  target.name, "weft lab up"};
  }
  if (journey.was_received) return std::nullopt;
  return Reason{fmt::format("UDP {} is filtered on {}: packets arrive at its {}, but {} gets none", tunnel.udp_port,
                            target.name, target.device, tunnel.name),
                target.name, cure_of_filter(open.experiment->target_after, target.device, tunnel.udp_port)};
}

std::optional<Reason> daemon_is_down(const Case& open) {
  for (const auto* end : open.ends()) {
    if (end->view == nullptr || end->view->switch_trouble.empty()) continue;
    return Reason{
        fmt::format("the switch's daemon on {} does not answer: {}", end->host->name, end->view->switch_trouble),
        "this machine", "weft lab up"};
  }
  return std::nullopt;
}

std::optional<Reason> only_tcp_fails(const Case& open) {
  if (open.failing != Failing::tcp) return std::nullopt;
  return Reason{
      fmt::format("ICMP reaches {}, TCP does not: a firewall in one of the two, or checksums", open.to.endpoint->name),
      open.to.endpoint->name, "nft list ruleset"};
}

constexpr std::array rules{Rule{frames_are_dropped}, Rule{address_is_elsewhere}, Rule{tunnel_packets_are_lost},
                           Rule{daemon_is_down}, Rule{only_tcp_fails}};

}  // namespace

std::optional<Reason> reason_by_experiment(const Case& open) { return first_reason(rules, open); }

// All endpoints asked meanwhile: so only these two's own ports tell.
std::optional<Reason> reason_by_asking_again(const Case& open) {
  return drops_moved(open, [](const Case& one, const std::string& port) {
    return port == one.from.member->port || port == one.to.member->port;
  });
}

Reason unexplained(const Case& open) {
  const auto to = fmt::format("{} on {}", open.to.endpoint->name, open.to.host->name);
  if (!open.crosses_hosts()) {
    return {fmt::format("frames of {} do not reach {}, and no counter tells why", open.from.endpoint->name, to),
            open.to.host->name, fmt::format("weft trace {} {} ...", open.network->bridge, open.from.member->port)};
  }
  const auto journey = journey_of(open);
  if (!journey.left.empty() && !journey.arrived.empty()) {
    return {fmt::format("tunnel packets arrive at {} and are taken in, but {} does not answer", open.to.host->name, to),
            open.to.host->name, fmt::format("weft lab capture {}", open.to.endpoint->name)};
  }
  return {fmt::format("frames of {} for {} do not get into the tunnel on {}", open.from.endpoint->name, to,
                      open.from.host->name),
          open.from.host->name, fmt::format("ovs-appctl fdb/show {}", open.network->bridge)};
}

}  // namespace weft::lab
