// How each kind of object is made and taken away. Pure.
#pragma once

#include <string>
#include <vector>

#include "lab/hypervisor.hpp"
#include "lab/object.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

// What the objects of one host share.
struct Site {
  const topology::Topology* lab = nullptr;
  const topology::Host* host = nullptr;
  std::string directory = {};  // Of a simulated host.
  Hypervisor hypervisor = {};

  bool has_ovsdb() const { return host->switch_kind != topology::SwitchKind::linux_bridge; }
};

const topology::Host* find_host(const topology::Topology& lab, std::string_view name);
const topology::Network* find_network(const topology::Topology& lab, std::string_view name);

// --- hosts and what lies between them: host_objects.cpp

Object host_object(const Site& site);
// Simulated hosts' devices that are joined; a segment of more than two has a host of its own, named `segment`.
std::vector<Object> link_objects(const topology::Topology& lab, const topology::Link& link, const std::string& segment,
                                 const std::string& segment_directory);
Object underlay_object(const Site& site, const std::vector<ObjectId>& wires);
// The variable in scripts on this machine that holds the pid of a simulated host's first process: $pid_host1.
std::string pid_variable(std::string_view host);

// A test for /bin/sh: the process of a pid file runs.
std::string runs_by_pid_file(std::string_view path);

// --- the switch: switch_objects.cpp
// Of a real host it is only looked at: it runs there before the lab, and after.

Object switch_object(const Site& site);
Object bridge_object(const Site& site, const std::string& bridge);
Object service_object(const Site& site, const topology::Network& network);

// --- tunnels: tunnel_objects.cpp

Object tunnel_object(const Site& site, const topology::Network& network);

// --- endpoints: container_objects.cpp

// The commands that make device `attachment.port` a port of its network's bridge, and tell the switch who is behind it.
Commands plug_commands(const Site& site, const topology::Network& network, const topology::Attachment& attachment,
                       const std::string& guest);
Commands unplug_commands(const Site& site, const topology::Network& network, const topology::Attachment& attachment);
// What there is to know of an endpoint.
json::object endpoint_facts(const topology::Network& network, const topology::Attachment& attachment);
// What the switch is told of who is behind an interface, as column settings.
std::string interface_settings(const topology::Network& network, const topology::Attachment& attachment,
                               const std::string& guest);
Object container_object(const Site& site, const topology::Container& container);
Object guest_object(const Site& site, const topology::Container& container);

// --- containers with images: podman_objects.cpp

bool is_run_by_podman(const topology::Container& container);
Object podman_image_object(const Site& site, const topology::Container& container);
Object podman_object(const Site& site, const topology::Container& container);

// --- what virtual machines start from: image_objects.cpp

// The image's path on the machine's host; empty: it starts the small guest.
std::string image_path(const Site& site, const topology::VirtualMachine& machine);
Object image_object(const Site& site, const topology::VirtualMachine& machine);

// --- virtual machines: machine_objects.cpp

Object libvirt_object(const Site& site);
Object machine_object(const Site& site, const topology::VirtualMachine& machine);
std::string machine_directory(const Site& site, const topology::VirtualMachine& machine);  // Of its files.

// --- when a virtual machine has its address: machine_wait.cpp

Object guest_object(const Site& site, const topology::VirtualMachine& machine);

}  // namespace weft::lab
