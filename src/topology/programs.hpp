// What runs in an endpoint: a container's program, a virtual machine's image and first settings.
#pragma once

#include <string>

#include "topology/complaints.hpp"
#include "topology/endpoint_draft.hpp"
#include "topology/side_files.hpp"
#include "topology/topology.hpp"

namespace weft::topology {

// `lab_file`: which the paths in it are relative to.
struct Surroundings {
  std::string lab_file = {};
  FileReader read_file = {};
};

Container make_container(const EndpointDraft& draft, const Surroundings& surroundings, Complaints& complaints);
VirtualMachine make_machine(const EndpointDraft& draft, const Surroundings& surroundings, Complaints& complaints);

}  // namespace weft::topology
