#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hosts/place.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

using topology::SwitchKind;

ObjectId host_id(const Site& site) { return {Kind::host, site.host->name, site.host->name}; }

std::string_view program_of(SwitchKind kind) { return kind == SwitchKind::openvswitch ? "ovs-vswitchd" : "weftd"; }

// Ends the daemon of a pid file and waits for it; one that does not listen is killed.
Command end_daemon(std::string_view name) {
  return may_fail(shell(fmt::format(
      "pid=$(cat /run/openvswitch/{}.pid) && kill $pid && tries=0 && while kill -0 $pid; do tries=$((tries + 1)); "
      "[ $tries -lt 500 ] || kill -KILL $pid; sleep 0.02; done",
      name)));
}

Commands start_weftd(const Site& site) {
  const auto place = site.directory;
  return {shell(fmt::format("weftd --detach --db-file={} --log-file={}", hosts::quote(place + "/conf.db"),
                            hosts::quote(place + "/weftd.log")))};
}

// By its full path: the host's PATH begins with Weft's own programs of the same name.
Commands start_open_vswitch(const Site& site) {
  const auto database = hosts::quote(site.directory + "/conf.db");
  return {shell(fmt::format("[ -e {0} ] || /usr/bin/ovsdb-tool create {0} /usr/share/openvswitch/vswitch.ovsschema",
                            database)),
          shell(fmt::format("/usr/sbin/ovsdb-server --detach --no-chdir --remote=punix:/run/openvswitch/db.sock "
                            "--pidfile=/run/openvswitch/ovsdb-server.pid --log-file={} {}",
                            hosts::quote(site.directory + "/ovsdb-server.log"), database)),
          shell("ovs-vsctl --no-wait init"),
          shell(fmt::format("/usr/sbin/ovs-vswitchd --detach --no-chdir --pidfile=/run/openvswitch/ovs-vswitchd.pid "
                            "--log-file={}",
                            hosts::quote(site.directory + "/ovs-vswitchd.log")))};
}

// "vlan10-subnet", or "subnet".
std::string key(const topology::Network& network, std::string_view name) {
  return network.vlan == 0 ? std::string(name) : fmt::format("vlan{}-{}", network.vlan, name);
}

using Settings = std::vector<std::pair<std::string, std::string>>;

std::string neighbours(const topology::Topology& lab, const topology::Network& network) {
  std::vector<std::string> words;
  const auto add = [&](const topology::Attachment& place) {
    if (place.network != network.name) return;
    for (const auto& address : {place.address4, place.address6}) {
      if (address) words.push_back(fmt::format("{}={}", address->to_string(), place.mac.to_string()));
    }
  };
  for (const auto& container : lab.containers) add(container.attachment);
  for (const auto& machine : lab.machines) add(machine.attachment);
  return fmt::format("{}", fmt::join(words, " "));
}

Settings settings_of(const topology::Topology& lab, const topology::Network& network) {
  Settings settings;
  const auto add = [&](std::string_view name, std::string value) {
    if (!value.empty()) settings.emplace_back(key(network, name), std::move(value));
  };
  if (network.has_dhcp) {
    if (network.subnet4) add("subnet", network.subnet4->to_string());
    if (network.subnet6) add("subnet6", network.subnet6->to_string());
    if (network.router4) add("router", network.router4->to_string());
    if (network.router6) add("router6", network.router6->to_string());
    std::vector<std::string> servers;
    for (const auto& server : network.dns) servers.push_back(server.to_string());
    add("dns", fmt::format("{}", fmt::join(servers, ",")));
    add("mtu", std::to_string(network.mtu_bytes));
  }
  if (network.has_metadata) add("metadata", "true");
  add("neighbours", neighbours(lab, network));
  return settings;
}

}  // namespace

std::string runs_by_pid_file(std::string_view path) {
  return fmt::format("kill -0 \"$(cat {} 2>/dev/null)\" 2>/dev/null", hosts::quote(path));
}

Object switch_object(const Site& site) {
  const auto name = std::string(program_of(site.host->switch_kind));
  Object object{.id = {Kind::vswitch, site.host->name, name}, .needs = {host_id(site)}};
  if (!site.host->is_simulated()) {
    object.runs = "ovs-appctl --timeout=5 version >/dev/null 2>&1";
    object.create = {shell(fmt::format(
        "{} || {{ echo '{} does not run, which is not started by the lab here: start it, then run this again' >&2; "
        "exit 1; }}",
        object.runs, name))};
    object.revive = object.create;
    return object;
  }
  object.runs = runs_by_pid_file(fmt::format("/run/openvswitch/{}.pid", name));
  if (site.host->switch_kind == SwitchKind::openvswitch) {
    object.create = start_open_vswitch(site);
    object.remove = {end_daemon("ovs-vswitchd"), end_daemon("ovsdb-server")};
  } else {
    object.create = start_weftd(site);
    object.remove = {end_daemon("weftd")};
    object.revive = object.create;  // It finds all that it had made.
  }
  return object;
}

Object bridge_object(const Site& site, const std::string& bridge) {
  Object object{
      .id = {Kind::bridge, site.host->name, bridge}, .needs = {host_id(site)}, .claims = {"/sys/class/net/" + bridge}};
  if (!site.has_ovsdb()) {
    // Not every kernel's bridge knows VLANs.
    const bool has_vlans = std::ranges::any_of(site.lab->networks, [&](const topology::Network& network) {
      return network.bridge == bridge && network.vlan != 0;
    });
    object.create = {ip(fmt::format("link add name {} type bridge mcast_snooping 0{}", bridge,
                                    has_vlans ? " vlan_filtering 1" : "")),
                     ip(fmt::format("link set dev {} up", bridge))};
    object.remove = {may_fail(ip(fmt::format("link delete dev {}", bridge)))};
    return object;
  }
  object.needs.push_back(switch_object(site).id);
  auto add = fmt::format("add-br {}", bridge);
  // A simulated host shares this machine's kernel, which may have no module of Open vSwitch.
  if (site.host->switch_kind == SwitchKind::openvswitch && site.host->is_simulated()) {
    add += fmt::format(" -- set Bridge {} datapath_type=netdev", bridge);
  }
  object.create = {vsctl(add), ip(fmt::format("link set dev {} up", bridge))};
  object.remove = {may_fail(vsctl(fmt::format("--if-exists del-br {}", bridge)))};
  return object;
}

Object service_object(const Site& site, const topology::Network& network) {
  Object object{.id = {Kind::service, site.host->name, network.name},
                .needs = {{Kind::bridge, site.host->name, network.bridge}}};
  const auto settings = settings_of(*site.lab, network);
  std::string set = fmt::format("set Bridge {}", network.bridge);
  std::string remove = fmt::format("--if-exists remove Bridge {} other_config", network.bridge);
  for (const auto& [name, value] : settings) {
    set += fmt::format(" {}", hosts::quote(fmt::format("other_config:{}={}", name, value)));
    remove += " " + name;
  }
  if (settings.empty()) return object;
  object.create = {vsctl(set)};
  object.remove = {may_fail(vsctl(remove))};
  return object;
}

}  // namespace weft::lab
