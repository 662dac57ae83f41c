#include "lab/cloud_seed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"
#include "hosts/place.hpp"

namespace weft::lab {
namespace {

using topology::Network;
using topology::VirtualMachine;

Command write_file(const std::string& path, std::string_view text) {
  return shell(fmt::format("printf '%s' {} >{}", hosts::quote(text), hosts::quote(path)));
}

std::string with_prefix(const IpAddress& address, const Subnet& subnet) {
  return InterfaceAddress{address, subnet.prefix_bits()}.to_string();
}

}  // namespace

bool needs_seed(const VirtualMachine& machine, const Network& network) {
  return !machine.image.empty() && (!network.has_metadata || !machine.attachment.asks_for_address);
}

// JSON is YAML, too.
std::string seed_meta_data(const VirtualMachine& machine) {
  json::object data{{"instance-id", machine.name}, {"local-hostname", machine.name}};
  if (!machine.ssh_keys.empty()) data["public-keys"] = json::array(machine.ssh_keys.begin(), machine.ssh_keys.end());
  return to_text(data) + "\n";
}

// Version 2 of cloud-init's network configuration, which is that of netplan. Of two configurations that fit a device,
// systemd-networkd takes the one whose name is first in the alphabet. Debian's images have one named "all-en", which
// asks by DHCP; so ours is to be before it. The device's name is another matter: that of old.
std::string seed_network(const VirtualMachine& machine, const Network& network) {
  const auto& place = machine.attachment;
  json::object device{
      {"match", {{"macaddress", place.mac.to_string()}}}, {"set-name", "eth0"}, {"mtu", network.mtu_bytes}};
  if (place.asks_for_address) {
    device["dhcp4"] = network.subnet4.has_value();
    device["dhcp6"] = network.subnet6.has_value();
  } else {
    json::array addresses;
    if (place.address4 && network.subnet4) addresses.emplace_back(with_prefix(*place.address4, *network.subnet4));
    if (place.address6 && network.subnet6) addresses.emplace_back(with_prefix(*place.address6, *network.subnet6));
    device["addresses"] = std::move(addresses);
    device["accept-ra"] = false;  // All is told. systemd-networkd would wait 12 s for a router.
    if (network.router4) device["gateway4"] = network.router4->to_string();
    if (network.router6) device["gateway6"] = network.router6->to_string();
    json::array servers;
    for (const auto& server : network.dns) servers.emplace_back(server.to_string());
    if (!servers.empty()) device["nameservers"] = json::object{{"addresses", std::move(servers)}};
  }
  return to_text(json::object{{"version", 2}, {"ethernets", {{"a-card", std::move(device)}}}}) + "\n";
}

Commands seed_commands(const VirtualMachine& machine, const Network& network, const std::string& folder,
                       const std::string& path) {
  const auto files = folder + "/seed";
  const auto user_data = machine.user_data.empty() ? std::string("#cloud-config\n{}\n") : machine.user_data;
  return {
      shell("mkdir -p " + hosts::quote(files)), write_file(files + "/meta-data", seed_meta_data(machine)),
      write_file(files + "/user-data", user_data),
      write_file(files + "/network-config", seed_network(machine, network)),
      shell(fmt::format(
          "for tool in genisoimage mkisofs xorrisofs ''; do [ -n \"$tool\" ] || {{ echo 'a machine without metadata "
          "needs genisoimage: apt-get install genisoimage' >&2; exit 1; }}; ! command -v $tool >/dev/null || "
          "break; done; $tool -quiet -output {} -volid cidata -joliet -rock {}",
          hosts::quote(path), hosts::quote(files)))};
}

}  // namespace weft::lab
