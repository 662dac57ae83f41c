#include <fmt/format.h>

#include <optional>

#include "lab/objects.hpp"

namespace weft::lab {
namespace {

using topology::Attachment;
using topology::Network;

std::string with_prefix(const IpAddress& address, const std::optional<Subnet>& subnet) {
  const auto whole = static_cast<std::uint8_t>(address.is_v4() ? 32 : 128);
  return InterfaceAddress{address, subnet ? subnet->prefix_bits() : whole}.to_string();
}

Commands give_addresses(const Network& network, const topology::Container& container) {
  const auto& attachment = container.attachment;
  const auto& netns = container.name;
  Commands commands = {ip_in(netns, "link set lo up")};
  if (attachment.address4 && !attachment.asks_for_address) {
    commands.push_back(
        ip_in(netns, fmt::format("address add {} dev eth0", with_prefix(*attachment.address4, network.subnet4))));
  }
  if (attachment.address6) {
    // Nobody else has it; while it is being tried it could not be sent from.
    commands.push_back(
        ip_in(netns, fmt::format("address add {} dev eth0 nodad", with_prefix(*attachment.address6, network.subnet6))));
  }
  commands.push_back(ip_in(netns, "link set eth0 up"));
  if (network.router4 && attachment.address4 && !attachment.asks_for_address &&
      network.router4 != attachment.address4) {
    commands.push_back(ip_in(netns, fmt::format("route add default via {}", network.router4->to_string())));
  }
  if (network.router6 && attachment.address6 && network.router6 != attachment.address6) {
    commands.push_back(ip_in(netns, fmt::format("route add default via {} dev eth0", network.router6->to_string())));
  }
  return commands;
}

// What udhcpc does with an answer; its own script would write this machine's resolv.conf.
constexpr std::string_view dhcp_script =
    R"(#!/bin/sh\n[ "$1" = bound ] || exit 0\nip address replace $ip/$mask dev $interface\n)"
    R"([ -z "$mtu" ] || ip link set dev $interface mtu $mtu\n[ -z "$router" ] || ip route replace default via ${router%% *}\n)";

}  // namespace

// As libvirt and os-vif tell of a guest, and what Weft's services want to know.
std::string interface_settings(const Network& network, const Attachment& attachment, const std::string& guest) {
  std::string text = fmt::format(
      "external_ids:iface-id={0} external_ids:vm-id={0} external_ids:attached-mac={1} "
      "other_config:hostname={0} other_config:instance-id={0}",
      guest, attachment.mac.to_string());
  if (attachment.address4) text += fmt::format(" other_config:ip-address={}", attachment.address4->to_string());
  if (attachment.address6) text += fmt::format(" other_config:ip6-address={}", attachment.address6->to_string());
  if (network.has_port_security) text += " other_config:port-security=true";
  return text;
}

json::object endpoint_facts(const Network& network, const Attachment& attachment) {
  json::object facts{{"network", network.name},
                     {"bridge", network.bridge},
                     {"port", attachment.port},
                     {"mac", attachment.mac.to_string()}};
  if (attachment.address4) facts["address4"] = with_prefix(*attachment.address4, network.subnet4);
  if (attachment.address6) facts["address6"] = with_prefix(*attachment.address6, network.subnet6);
  return facts;
}

Commands plug_commands(const Site& site, const Network& network, const Attachment& attachment,
                       const std::string& guest) {
  const auto& port = attachment.port;
  if (!site.has_ovsdb()) {
    Commands commands = {ip(fmt::format("link set dev {} master {}", port, network.bridge))};
    if (network.vlan != 0) {
      commands.push_back(shell(fmt::format("bridge vlan add dev {} vid {} pvid untagged", port, network.vlan)));
      commands.push_back(shell(fmt::format("bridge vlan delete dev {} vid 1", port)));
    }
    return commands;
  }
  const auto tag = network.vlan == 0 ? "" : fmt::format(" tag={}", network.vlan);
  return {vsctl(fmt::format("add-port {0} {1}{2} -- set Interface {1} {3}", network.bridge, port, tag,
                            interface_settings(network, attachment, guest)))};
}

Commands unplug_commands(const Site& site, const Network& network, const Attachment& attachment) {
  if (!site.has_ovsdb()) return {};  // A device leaves its bridge when it goes.
  return {may_fail(vsctl(fmt::format("--if-exists del-port {} {}", network.bridge, attachment.port)))};
}

Object container_object(const Site& site, const topology::Container& container) {
  const auto& name = container.name;
  const auto& attachment = container.attachment;
  const auto& port = attachment.port;
  const auto& network = *find_network(*site.lab, attachment.network);
  Object object{.id = {Kind::container, site.host->name, name},
                .needs = {{Kind::bridge, site.host->name, network.bridge}}};
  object.claims = {"/run/netns/" + name, "/sys/class/net/" + port};
  object.facts = endpoint_facts(network, attachment);
  const auto mtu = network.mtu_bytes;
  object.create = {ip(fmt::format("netns add {}", name)),
                   ip(fmt::format("link add name {0} mtu {1} type veth peer name eth0 netns {2} address {3} mtu {1}",
                                  port, mtu, name, attachment.mac.to_string())),
                   ip(fmt::format("link set dev {} up", port))};
  std::ranges::copy(give_addresses(network, container), std::back_inserter(object.create));
  const auto has_openvswitch = [](const topology::Host& one) {
    return one.switch_kind == topology::SwitchKind::openvswitch;
  };
  if (std::ranges::any_of(site.lab->hosts, has_openvswitch)) {
    // Its userspace passes frames on without the checksums that a veth leaves to the hardware, those from other
    // simulated hosts too.
    object.create.push_back(shell(fmt::format("ip netns exec {} ethtool -K eth0 tx off >/dev/null", name)));
  }
  std::ranges::copy(plug_commands(site, network, attachment, name), std::back_inserter(object.create));

  object.remove = unplug_commands(site, network, attachment);
  object.remove.push_back(may_fail(shell(fmt::format("ip netns pids {} | xargs -r kill -KILL", name))));
  object.remove.push_back(may_fail(ip(fmt::format("netns delete {}", name))));
  // The kernel ends a namespace a little later, and its devices with it, many at once; one by one they take 20 ms each.
  object.remove.push_back(may_fail(
      shell(fmt::format("tries=0; while [ -e /sys/class/net/{0} ] && [ $((tries += 1)) -lt 100 ]; do sleep 0.02; done; "
                        "[ ! -e /sys/class/net/{0} ] || ip link delete dev {0}",
                        port))));
  return object;
}

Object guest_object(const Site& site, const topology::Container& container) {
  const auto& name = container.name;
  Object object{.id = {Kind::guest, site.host->name, name},
                .needs = {{is_run_by_podman(container) ? Kind::podman : Kind::container, site.host->name, name}}};
  const auto script = fmt::format("/run/dhcp-{}", name);
  object.create = {
      shell(fmt::format("printf '{}' >{} && chmod +x {}", dhcp_script, script, script)),
      shell(fmt::format("ip netns exec {} $(command -v udhcpc || echo busybox udhcpc) -i eth0 -n -q -t 10 -T 1 -s {} "
                        "-x hostname:{} >/dev/null",
                        name, script, name))};
  object.remove = {shell(fmt::format("rm -f {}", script))};
  object.revive = object.create;
  return object;
}

}  // namespace weft::lab
