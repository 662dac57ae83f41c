// Who takes part when a lab is verified, and where: the endpoints as probers know them, and as the lab does. Pure.
#pragma once

#include <string>
#include <vector>

#include "prober/endpoint.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

struct Member {
  std::string host = {};
  std::string port = {};   // Its device on the host.
  std::string netns = {};  // Of a container: the path of its network namespace on the host.
  bool operator==(const Member&) const = default;
};

struct Roll {
  const topology::Topology* lab = nullptr;
  prober::Endpoints endpoints = {};  // The containers, then the virtual machines; their `network` is the lab's index.
  std::vector<Member> members = {};  // Of the endpoint with the same number.

  const std::string& name(std::uint32_t endpoint) const { return endpoints[endpoint].name; }
  const std::string& host(std::uint32_t endpoint) const { return members[endpoint].host; }
  const topology::Network& network(std::uint32_t endpoint) const { return lab->networks[endpoints[endpoint].network]; }
};

// `lab` lives longer.
Roll call_roll(const topology::Topology& lab);

// The endpoints as the prober of a host is told them: it may enter those that are there.
prober::Endpoints endpoints_for(const Roll& roll, const std::string& host);

}  // namespace weft::lab
