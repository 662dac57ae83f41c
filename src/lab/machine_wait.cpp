#include <fmt/format.h>

#include <algorithm>

#include "hosts/place.hpp"
#include "lab/cloud_seed.hpp"
#include "lab/objects.hpp"
#include "prober/await_address.hpp"

namespace weft::lab {
namespace {

using topology::Network;
using topology::VirtualMachine;

constexpr int address_wait_seconds = 300;  // An emulated guest of a cloud image is slow.

// Where cloud-init has to ask for metadata by network, it takes an address for that, gives it up, and only then has the
// system take it for good: seconds later, where it is emulated half a minute. Asking takes less than this.
constexpr int settle_seconds = 5;

bool is_address_of(const topology::Topology& lab, const IpAddress& address) {
  const auto has = [&](const auto& endpoint) { return endpoint.attachment.address4 == address; };
  return std::ranges::any_of(lab.containers, has) || std::ranges::any_of(lab.machines, has) ||
         std::ranges::any_of(lab.networks, [&](const Network& network) {
           return network.router4 == address || std::ranges::find(network.dns, address) != network.dns.end();
         });
}

// In whose name a guest is asked. Of IPv4 one of its subnet, since a guest may not answer strangers. None: all are
// taken.
std::optional<IpAddress> nobody_in(const topology::Topology& lab, const Network& network, bool is_ipv6) {
  if (is_ipv6) return IpAddress::parse("fe80::7765:6674");
  for (auto left = network.subnet4->host_count(); left > 0; --left) {
    const auto address = network.subnet4->host(left - 1);
    if (!is_address_of(lab, address)) return address;
  }
  return std::nullopt;
}

// The command that succeeds once the guest has its address.
std::optional<std::string> ask_for_address(const Site& site, const VirtualMachine& machine, const Network& network) {
  const auto& place = machine.attachment;
  const auto address = place.address4 && network.subnet4 ? place.address4 : place.address6;
  if (!address) return std::nullopt;
  const auto nobody = nobody_in(*site.lab, network, !address->is_v4());
  if (!nobody) return std::nullopt;
  const bool comes_and_goes = !machine.image.empty() && !needs_seed(machine, network);
  return fmt::format("weft {} {} {} {} {} {}", prober::await_address_word, place.port, address->to_string(),
                     nobody->to_string(), comes_and_goes ? settle_seconds : 0, address_wait_seconds);
}

// Succeeds once the guest is heard of at all, where no more can be asked.
std::string await_sign(const Site& site, const VirtualMachine& machine, const Network& network) {
  const auto mac = machine.attachment.mac.to_string();
  const auto is_heard =
      machine.image.empty()
          ? "grep -q '^guest is up' " + hosts::quote(machine_directory(site, machine) + "/console.log")
      : site.has_ovsdb() ? fmt::format("ovs-appctl fdb/show {} | grep -qi {}", network.bridge, mac)
                         : fmt::format("bridge fdb show br {} | grep -i {} | grep -qv permanent", network.bridge, mac);
  return fmt::format("tries=0; until {}; do tries=$((tries + 1)); [ $tries -lt {} ] || break; sleep 0.1; done; {}",
                     is_heard, address_wait_seconds * 10, is_heard);
}

}  // namespace

Object guest_object(const Site& site, const VirtualMachine& machine) {
  const auto& network = *find_network(*site.lab, machine.attachment.network);
  const auto question = ask_for_address(site, machine, network);
  const auto complaint =
      fmt::format("{{ echo '{0} has no address after {1} s: look at it with `weft lab console {0}`' >&2; exit 1; }}",
                  machine.name, address_wait_seconds);
  const auto await = shell((question ? *question : await_sign(site, machine, network)) + " || " + complaint);
  return {.id = {Kind::guest, site.host->name, machine.name},
          .needs = {{Kind::machine, site.host->name, machine.name}},
          .create = {await},
          .revive = {await}};
}

}  // namespace weft::lab
