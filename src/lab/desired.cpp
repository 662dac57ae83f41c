#include "lab/desired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "lab/objects.hpp"

namespace weft::lab {
namespace {

void append(std::vector<Object>& objects, std::vector<Object> more) {
  std::ranges::move(more, std::back_inserter(objects));
}

// By host, the wires that its devices hang on.
std::map<std::string, std::vector<ObjectId>> add_links(const topology::Topology& lab, const std::string& directory,
                                                       std::vector<Object>& objects) {
  std::map<std::string, std::vector<ObjectId>> wires;
  for (std::size_t i = 0; i < lab.links.size(); ++i) {
    const auto segment = fmt::format("segment.{}", i + 1);  // No host's name has a dot.
    auto made = link_objects(lab, lab.links[i], segment, host_directory(directory, segment));
    for (const auto& object : made) {
      if (object.id.kind != Kind::wire) continue;
      for (const auto& need : object.needs) {
        if (need.kind == Kind::host && need.name != segment) wires[need.name].push_back(object.id);
      }
    }
    append(objects, std::move(made));
  }
  return wires;
}

// Networks that share a bridge differ by VLAN; the bridge and its tunnel are made once.
void add_switching(const Site& site, std::vector<Object>& objects) {
  if (site.has_ovsdb()) objects.push_back(switch_object(site));
  std::set<std::string> bridges;
  for (const auto& network : site.lab->networks) {
    if (bridges.insert(network.bridge).second) {
      objects.push_back(bridge_object(site, network.bridge));
      if (network.tunnel) objects.push_back(tunnel_object(site, network));
    }
    if (site.host->switch_kind == topology::SwitchKind::weft) objects.push_back(service_object(site, network));
  }
}

// Hosts and endpoints share images.
void add_once(Object object, std::vector<Object>& objects) {
  if (std::ranges::find(objects, object.id, &Object::id) == objects.end()) objects.push_back(std::move(object));
}

void add_containers(const Site& site, std::vector<Object>& objects) {
  for (const auto& container : site.lab->containers) {
    if (container.host != site.host->name) continue;
    objects.push_back(is_run_by_podman(container) ? podman_object(site, container) : container_object(site, container));
    if (!container.image.empty()) add_once(podman_image_object(site, container), objects);
    if (container.attachment.asks_for_address) objects.push_back(guest_object(site, container));
  }
}

void add_machines(const Site& site, std::vector<Object>& objects) {
  const auto first = objects.size();
  for (const auto& machine : site.lab->machines) {
    if (machine.host != site.host->name) continue;
    objects.push_back(machine_object(site, machine));
    objects.push_back(guest_object(site, machine));
    add_once(image_object(site, machine), objects);
  }
  if (objects.size() > first && site.hypervisor.has_libvirt) objects.push_back(libvirt_object(site));
}

}  // namespace

std::string host_directory(const std::string& lab_directory, const std::string& host) {
  return fmt::format("{}/hosts/{}", lab_directory, host);
}

const topology::Host* find_host(const topology::Topology& lab, std::string_view name) {
  const auto found = std::ranges::find(lab.hosts, name, &topology::Host::name);
  return found == lab.hosts.end() ? nullptr : &*found;
}

const topology::Network* find_network(const topology::Topology& lab, std::string_view name) {
  const auto found = std::ranges::find(lab.networks, name, &topology::Network::name);
  return found == lab.networks.end() ? nullptr : &*found;
}

std::vector<Object> desired_objects(const topology::Topology& lab, const std::string& directory,
                                    const Hypervisors& hypervisors) {
  std::vector<Object> objects;
  const auto wires = add_links(lab, directory, objects);
  for (const auto& host : lab.hosts) {
    const auto hypervisor = hypervisors.find(host.name);
    const Site site{&lab, &host, host.is_simulated() ? host_directory(directory, host.name) : "",
                    hypervisor == hypervisors.end() ? Hypervisor{} : hypervisor->second};
    objects.push_back(host_object(site));
    const auto own = wires.find(host.name);
    if (host.is_simulated())
      objects.push_back(underlay_object(site, own == wires.end() ? std::vector<ObjectId>{} : own->second));
    add_switching(site, objects);
    add_containers(site, objects);
    add_machines(site, objects);
  }
  std::ranges::stable_sort(objects, {}, &Object::id);
  return objects;
}

}  // namespace weft::lab
