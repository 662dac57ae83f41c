#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hosts/place.hpp"
#include "lab/desired.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

constexpr std::string_view segment_bridge = "segment";

Object simulated_host(const std::string& name, const std::string& directory) {
  const auto place = hosts::quote(directory);
  Object object{.id = {Kind::host, name, name}};
  object.facts = {{"directory", directory}};
  object.create = {
      shell(fmt::format("unshare --net --mount --uts --pid --fork weft lab-host-init {} {} &", place, name))};
  object.remove = {shell(fmt::format("weft lab-host-end {}", place))};
  return object;
}

// "eth0 mtu 1500 netns $pid_host1"
std::string end_words(const topology::LinkEnd& end, std::uint32_t mtu_bytes) {
  return fmt::format("{} mtu {} netns ${}", end.device, mtu_bytes, pid_variable(end.host));
}

ObjectId host_id(const std::string& name) { return {Kind::host, name, name}; }

std::string name_of_end(const topology::LinkEnd& end) { return fmt::format("{}:{}", end.host, end.device); }

Object wire_between(const topology::LinkEnd& one, const topology::LinkEnd& other, std::uint32_t mtu_bytes) {
  Object object{.id = {Kind::wire, "", fmt::format("{}-{}", name_of_end(one), name_of_end(other))},
                .needs = {host_id(one.host), host_id(other.host)}};
  object.facts = {{"ends", {name_of_end(one), name_of_end(other)}}};
  object.create = {shell(fmt::format("ip link add name {} type veth peer name {}", end_words(one, mtu_bytes),
                                     end_words(other, mtu_bytes)))};
  // With a host that has been killed the kernel takes its end away, and so the other one, a little later.
  for (const auto* end : {&one, &other}) {
    object.remove.push_back(may_fail(
        shell(fmt::format("nsenter --net --target ${} ip link delete dev {}", pid_variable(end->host), end->device))));
  }
  return object;
}

}  // namespace

std::string pid_variable(std::string_view host) {
  std::string text = "pid_";
  for (const char c : host) text += c == '-' || c == '.' ? '_' : c;
  return text;
}

Object host_object(const Site& site) {
  const auto& host = *site.host;
  if (host.is_simulated()) return simulated_host(host.name, site.directory);
  Object object{.id = host_id(host.name)};
  object.facts = {{"ssh", host.ssh}};
  return object;
}

std::vector<Object> link_objects(const topology::Topology& lab, const topology::Link& link, const std::string& segment,
                                 const std::string& segment_directory) {
  std::vector<topology::LinkEnd> ends;
  for (const auto& end : link.ends) {
    const auto* host = find_host(lab, end.host);
    if (host != nullptr && host->is_simulated()) ends.push_back(end);
  }
  if (ends.empty()) return {};
  if (ends.size() == 2) return {wire_between(ends[0], ends[1], link.mtu_bytes)};
  // One host alone has a segment, too, for its device to hang on.

  std::vector<Object> objects = {simulated_host(segment, segment_directory)};
  const ObjectId bridge{Kind::segment, segment, segment};
  // Without a querier on the segment, snooping would lose the tunnels' groups.
  objects.push_back({.id = bridge,
                     .needs = {host_id(segment)},
                     .create = {ip(fmt::format("link add name {} mtu {} type bridge mcast_snooping 0", segment_bridge,
                                               link.mtu_bytes)),
                                ip(fmt::format("link set dev {} up", segment_bridge))},
                     .remove = {may_fail(ip(fmt::format("link delete dev {}", segment_bridge)))}});
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const topology::LinkEnd port{segment, fmt::format("port{}", i + 1)};
    auto wire = wire_between(ends[i], port, link.mtu_bytes);
    wire.id.name = name_of_end(ends[i]);
    wire.needs.push_back(bridge);
    wire.create.push_back(shell(fmt::format("nsenter --net --target ${} ip link set dev {} master {} up",
                                            pid_variable(segment), port.device, segment_bridge)));
    objects.push_back(std::move(wire));
  }
  return objects;
}

Object underlay_object(const Site& site, const std::vector<ObjectId>& wires) {
  const auto& host = *site.host;
  Object object{.id = {Kind::underlay, host.name, host.device}, .needs = wires};
  object.needs.push_back(host_id(host.name));
  std::vector<std::string> addresses;
  object.create = {ip("link set lo up")};
  for (const auto& address : host.underlay) {
    addresses.push_back(address.to_string());
    // Nobody else has it; an address that is still being tried could not be sent from.
    object.create.push_back(ip(fmt::format("address add {} dev {}{}", address.to_string(), host.device,
                                           address.address.is_v4() ? "" : " nodad")));
    object.remove.push_back(may_fail(ip(fmt::format("address delete {} dev {}", address.to_string(), host.device))));
  }
  object.create.push_back(ip(fmt::format("link set dev {} mtu {} up", host.device, host.mtu_bytes)));
  object.facts = {{"device", host.device}, {"addresses", fmt::format("{}", fmt::join(addresses, ", "))}};
  return object;
}

}  // namespace weft::lab
