#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"
#include "hosts/place.hpp"
#include "lab/cloud_seed.hpp"
#include "lab/machine.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

using topology::Network;
using topology::VirtualMachine;

std::string kernel_words(const VirtualMachine& machine, const Network& network) {
  const auto& place = machine.attachment;
  std::string words = "console=ttyS0 quiet panic=1 tsc=reliable guest=" + machine.name;
  const auto add = [&](std::string_view name, const std::string& value) {
    words += fmt::format(" {}={}", name, value);
  };
  if (place.asks_for_address) words += " dhcp";
  if (place.address4 && network.subnet4 && !place.asks_for_address) {
    add("address4", InterfaceAddress{*place.address4, network.subnet4->prefix_bits()}.to_string());
    if (network.router4) add("router4", network.router4->to_string());
  }
  // busybox knows no DHCPv6.
  if (place.address6 && network.subnet6) {
    add("address6", InterfaceAddress{*place.address6, network.subnet6->prefix_bits()}.to_string());
    if (network.router6) add("router6", network.router6->to_string());
  }
  return words;
}

Machine machine_of(const Site& site, const VirtualMachine& from, const Network& network) {
  const auto name = site.host->is_simulated() ? from.name : fmt::format("{}.{}", site.lab->name, from.name);
  return {.name = name,
          .uuid = stable_uuid(fmt::format("{}/{}/{}", site.lab->name, site.host->name, from.name)),
          .directory = machine_directory(site, from),
          .has_kvm = site.hypervisor.has_kvm,
          .memory_mib = from.memory_mib,
          .vcpus = from.vcpus,
          .image = image_path(site, from),
          .kernel_words = from.image.empty() ? kernel_words(from, network) : "",
          .has_seed = needs_seed(from, network),
          .port = from.attachment.port,
          .mac = from.attachment.mac.to_string(),
          .bridge = network.bridge,
          .mtu_bytes = network.mtu_bytes,
          .vlan = network.vlan,
          .has_ovsdb = site.has_ovsdb()};
}

// "other_config:user-data=...", what the switch's metadata service tells beyond what it tells of containers.
std::string cloud_settings(const VirtualMachine& machine) {
  std::string words;
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty())
      words += " " + hosts::quote(fmt::format("other_config:{}={}", key, to_text(json::value(value))));
  };
  add("ssh-keys", fmt::format("{}", fmt::join(machine.ssh_keys, "\n")));
  add("user-data", machine.user_data);
  return words;
}

Commands start_by_qemu(const Site& site, const VirtualMachine& from, const Machine& machine, const Network& network) {
  Commands commands = {ip(fmt::format("tuntap add dev {} mode tap", machine.port)),
                       ip(fmt::format("link set dev {} mtu {} up", machine.port, machine.mtu_bytes))};
  std::ranges::copy(plug_commands(site, network, from.attachment, from.name), std::back_inserter(commands));
  const auto settings = cloud_settings(from);
  if (site.has_ovsdb() && !settings.empty())
    commands.push_back(vsctl(fmt::format("set Interface {}{}", machine.port, settings)));
  commands.push_back(shell(qemu_line(machine)));
  return commands;
}

// libvirt makes the port itself. The guest goes on once the switch knows who it is.
Commands start_by_libvirt(const Site& site, const VirtualMachine& from, const Machine& machine,
                          const Network& network) {
  Commands commands = {
      shell(fmt::format("cat >{} <<'END'\n{}END", hosts::quote(machine.domain_path()), domain_xml(machine))),
      shell(fmt::format("virsh -q create --paused {} >/dev/null", hosts::quote(machine.domain_path())))};
  if (site.has_ovsdb()) {
    commands.push_back(
        vsctl(fmt::format("set Interface {} {}{}", machine.port,
                          interface_settings(network, from.attachment, from.name), cloud_settings(from))));
  } else {
    std::ranges::copy(plug_commands(site, network, from.attachment, from.name), std::back_inserter(commands));
  }
  commands.push_back(shell("virsh -q resume " + machine.uuid));
  return commands;
}

// By its pid file, if that is still the number of this machine's process.
Command end_qemu(const Machine& machine) {
  return may_fail(
      shell(fmt::format("pid=$(cat {}) && grep -q {} /proc/$pid/cmdline && kill $pid && tries=0 && while kill -0 $pid; "
                        "do tries=$((tries + 1)); "
                        "[ $tries -lt 100 ] || kill -KILL $pid; sleep 0.05; done",
                        hosts::quote(machine.pid_path()), machine.uuid)));
}

// A disk of its own above the image, and what cloud-init is told; again, where it is there: the disk stays as it is.
Commands prepare_files(const VirtualMachine& from, const Machine& machine, const Network& network) {
  Commands commands = {shell("mkdir -p " + hosts::quote(machine.directory))};
  if (!machine.image.empty()) {
    commands.push_back(
        shell(fmt::format("[ -e {1} ] || qemu-img create -q -f qcow2 -b {0} -F \"$(qemu-img info {0} | sed -n 's/^file "
                          "format: //p')\" {1}",
                          hosts::quote(machine.image), hosts::quote(machine.disk_path()))));
  }
  if (machine.has_seed) {
    std::ranges::copy(seed_commands(from, network, machine.directory, machine.seed_path()),
                      std::back_inserter(commands));
  }
  return commands;
}

Commands start(const Site& site, const VirtualMachine& from, const Machine& machine, const Network& network) {
  return site.hypervisor.has_libvirt ? start_by_libvirt(site, from, machine, network)
                                     : start_by_qemu(site, from, machine, network);
}

// Whatever of it is there. The switch forgets what it knew of the guest.
Commands stop(const Site& site, const VirtualMachine& from, const Machine& machine, const Network& network) {
  Commands commands = {site.hypervisor.has_libvirt ? may_fail(shell("virsh -q destroy " + machine.uuid))
                                                   : end_qemu(machine)};
  std::ranges::copy(unplug_commands(site, network, from.attachment), std::back_inserter(commands));
  commands.push_back(
      may_fail(shell(fmt::format("[ ! -e /sys/class/net/{0} ] || ip link delete dev {0}", machine.port))));
  return commands;
}

}  // namespace

std::string machine_directory(const Site& site, const VirtualMachine& machine) {
  return site.host->is_simulated() ? fmt::format("{}/machines/{}", site.directory, machine.name)
                                   : fmt::format("/var/lib/weft/machines/{}.{}", site.lab->name, machine.name);
}

Object libvirt_object(const Site& site) {
  Object object{.id = {Kind::libvirt, site.host->name, "libvirt"},
                .needs = {{Kind::host, site.host->name, site.host->name}}};
  if (!site.host->is_simulated()) return object;  // It runs already.
  object.create = {shell("libvirtd --daemon"), shell("tries=0; until virsh -q list >/dev/null 2>&1; do tries=$((tries "
                                                     "+ 1)); [ $tries -lt 200 ] || { virsh -q list; "
                                                     "exit 1; }; sleep 0.05; done")};
  object.runs = runs_by_pid_file("/run/libvirtd.pid");
  object.revive = object.create;  // Machines run on without it.
  object.remove = {may_fail(
      shell("pid=$(cat /run/libvirtd.pid) && kill $pid && tries=0 && while kill -0 $pid; do tries=$((tries + 1)); "
            "[ $tries -lt 200 ] || kill -KILL $pid; sleep 0.05; done"))};
  return object;
}

Object machine_object(const Site& site, const VirtualMachine& from) {
  const auto& network = *find_network(*site.lab, from.attachment.network);
  const auto machine = machine_of(site, from, network);
  Object object{.id = {Kind::machine, site.host->name, from.name},
                .needs = {{Kind::bridge, site.host->name, network.bridge}, image_object(site, from).id}};
  if (site.hypervisor.has_libvirt) object.needs.push_back(libvirt_object(site).id);
  object.claims = {machine.directory, "/sys/class/net/" + machine.port};
  object.facts = endpoint_facts(network, from.attachment);
  object.facts["console"] = machine.socket_path();
  object.facts["console-log"] = machine.log_path();
  object.facts["login"] = from.login;
  object.facts["password"] = from.password;

  const auto files = prepare_files(from, machine, network), start_it = start(site, from, machine, network),
             stop_it = stop(site, from, machine, network);
  const auto append = [](Commands& commands, const Commands& more) {
    std::ranges::copy(more, std::back_inserter(commands));
  };
  append(object.create, files);
  append(object.create, start_it);

  object.runs = runs_by_pid_file(site.hypervisor.has_libvirt ? fmt::format("/run/libvirt/qemu/{}.pid", machine.name)
                                                             : machine.pid_path());
  append(object.revive, stop_it);
  append(object.revive, files);
  object.revive.push_back(shell("rm -f " + hosts::quote(machine.log_path())));  // It says that the guest is up.
  append(object.revive, start_it);

  append(object.remove, stop_it);
  object.remove.push_back(shell("rm -rf " + hosts::quote(machine.directory)));
  if (!site.host->is_simulated())
    object.remove.push_back(may_fail(shell("rmdir /var/lib/weft/machines /var/lib/weft")));
  return object;
}

}  // namespace weft::lab
