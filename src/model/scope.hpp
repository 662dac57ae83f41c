// What of the desired or the observed state something is about: names of what changed, or is to be looked at. It may
// name too much, which costs time only, and what is not there any more.
#pragma once

#include <set>
#include <string>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace weft::model {

struct Scope {
  std::set<std::string> bridges = {};
  std::set<std::string> devices = {};
  std::set<int> ports = {};      // By ifindex, as Observed::ports.
  std::set<int> underlays = {};  // The same, as Observed::underlays.

  bool empty() const { return bridges.empty() && devices.empty() && ports.empty() && underlays.empty(); }
  void add(const Scope& more) {
    bridges.insert(more.bridges.begin(), more.bridges.end());
    devices.insert(more.devices.begin(), more.devices.end());
    ports.insert(more.ports.begin(), more.ports.end());
    underlays.insert(more.underlays.begin(), more.underlays.end());
  }
  void add(const Desired& desired) {
    for (const auto& [name, bridge] : desired.bridges) bridges.insert(name);
    for (const auto& [name, device] : desired.devices) devices.insert(name);
    for (const auto& [bridge, networks] : desired.networks) bridges.insert(bridge);
    for (const auto& [device, guest] : desired.guests) devices.insert(device);
  }
  void add(const Observed& observed) {
    for (const auto& [name, bridge] : observed.bridges) bridges.insert(name);
    for (const auto& [bridge, vlans] : observed.served) bridges.insert(bridge);
    for (const auto& [name, link] : observed.links) devices.insert(name);
    for (const auto& [ifindex, port] : observed.ports) ports.insert(ifindex);
    for (const auto& [ifindex, underlay] : observed.underlays) underlays.insert(ifindex);
  }

  bool operator==(const Scope&) const = default;
};

// What differs between two states, the counters of devices aside. A port that differs names its device, too.
Scope difference(const Desired& before, const Desired& after);
Scope difference(const Observed& before, const Observed& after);

}  // namespace weft::model
