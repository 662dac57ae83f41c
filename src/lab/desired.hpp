// The objects that a lab's file asks for. Pure.
#pragma once

#include <string>
#include <vector>

#include "lab/hypervisor.hpp"
#include "lab/object.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

// In the order of kinds. `directory` is the lab's own, where simulated hosts keep their files. `hypervisors`: of the
// hosts that are to have virtual machines.
std::vector<Object> desired_objects(const topology::Topology& lab, const std::string& directory,
                                    const Hypervisors& hypervisors = {});

// Of a simulated host.
std::string host_directory(const std::string& lab_directory, const std::string& host);

}  // namespace weft::lab
