#include "model/scope.hpp"

namespace weft::model {
namespace {

// The keys whose values differ, or that only one side has.
template <class Key, class Value, class IsSame>
std::set<Key> differing_keys(const std::map<Key, Value>& before, const std::map<Key, Value>& after, IsSame is_same) {
  std::set<Key> keys;
  for (const auto& [key, value] : before) {
    const auto found = after.find(key);
    if (found == after.end() || !is_same(value, found->second)) keys.insert(key);
  }
  for (const auto& [key, value] : after) {
    if (!before.contains(key)) keys.insert(key);
  }
  return keys;
}

}  // namespace

Scope difference(const Desired& before, const Desired& after) {
  Scope scope{.bridges = differing_keys(before.bridges, after.bridges, std::equal_to<>()),
              .devices = differing_keys(before.devices, after.devices, std::equal_to<>())};
  scope.bridges.merge(differing_keys(before.networks, after.networks, std::equal_to<>()));
  scope.devices.merge(differing_keys(before.guests, after.guests, std::equal_to<>()));
  return scope;
}

Scope difference(const Observed& before, const Observed& after) {
  Scope scope{.bridges = differing_keys(before.bridges, after.bridges, std::equal_to<>()),
              .devices = differing_keys(before.links, after.links, is_same_but_for_statistics),
              .ports = differing_keys(before.ports, after.ports, std::equal_to<>()),
              .underlays = differing_keys(before.underlays, after.underlays, std::equal_to<>())};
  scope.bridges.merge(differing_keys(before.served, after.served, std::equal_to<>()));
  for (const auto ifindex : scope.ports) {
    for (const auto* ports : {&before.ports, &after.ports}) {
      const auto port = ports->find(ifindex);
      if (port != ports->end() && !port->second.device.empty()) scope.devices.insert(port->second.device);
    }
  }
  return scope;
}

}  // namespace weft::model
