// `weft lab verify`: who reaches whom, seen by asking from every endpoint, and why not where one does not.
#pragma once

#include <cstdio>
#include <functional>
#include <map>
#include <string>

#include "base/error.hpp"
#include "hosts/place.hpp"
#include "topology/topology.hpp"

namespace weft::lab {

// Runs a piece of shell in a virtual machine. What it printed; an error says why it cannot be asked.
using AskGuest = std::function<Result<std::string>(const topology::VirtualMachine& guest, const std::string& script)>;

struct VerifyOptions {
  bool json = false;  // Every pair, for programs.
};

// Prints what was found. True: all endpoints of each network reach each other, those of different ones don't. `places`:
// of the lab's hosts, by name, all running. Errors: a host's prober does not run.
Result<bool> verify(const topology::Topology& lab, const std::map<std::string, hosts::Place>& places,
                    const AskGuest& ask_guest, const VerifyOptions& options, std::FILE* out);

}  // namespace weft::lab
