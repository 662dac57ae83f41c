#include "kernel/port_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <ctime>

#include "base/check.hpp"

namespace weft::kernel {
namespace {

// Seen by the datapath as a whole, and after everything stored before it.
template <class T>
void publish(T& field, std::type_identity_t<T> value) {
  std::atomic_ref<T>(field).store(value, std::memory_order_release);
}

constexpr std::uint64_t ns_per_second = 1'000'000'000;

}  // namespace

std::uint32_t current_tick() {
  timespec now{};
  CHECK(::clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0);
  const auto ns = static_cast<std::uint64_t>(now.tv_sec) * ns_per_second + static_cast<std::uint64_t>(now.tv_nsec);
  return static_cast<std::uint32_t>(ns >> WEFT_TICK_SHIFT);
}

std::uint32_t ticks_of_seconds(std::uint32_t seconds) {
  const auto tick_ns = std::uint64_t{1} << WEFT_TICK_SHIFT;
  return static_cast<std::uint32_t>((seconds * ns_per_second + tick_ns - 1) / tick_ns);
}

std::uint32_t seconds_of_ticks(std::uint32_t ticks) {
  return static_cast<std::uint32_t>((std::uint64_t{ticks} << WEFT_TICK_SHIFT) / ns_per_second);
}

PortTable::PortTable(std::span<weft_port> ports, std::span<weft_bridge> bridges)
    : ports_(ports), bridges_(bridges), previous_(ports.size(), 0) {
  for (Slot slot = 1; slot < ports_.size(); ++slot) {
    if (!is_in_use(slot)) left_.push_back(slot);
  }
}

std::optional<BridgeId> PortTable::find_bridge(std::string_view name) const {
  for (const auto id : bridges_in_use()) {
    if (name == bridges_[id].name) return id;
  }
  return std::nullopt;
}

std::vector<BridgeId> PortTable::bridges_in_use() const {
  std::vector<BridgeId> ids;
  for (BridgeId id = 1; id < bridges_.size(); ++id) {
    if (bridges_[id].name[0] != '\0') ids.push_back(id);
  }
  return ids;
}

Result<> PortTable::add_bridge(const std::string& name, const model::Bridge& settings) {
  if (name.empty() || name.size() >= WEFT_NAME_BYTES) {
    return fail("bad name", fmt::format("\"{}\": a bridge's name has 1 to {} bytes", name, WEFT_NAME_BYTES - 1));
  }
  for (BridgeId id = 1; id < bridges_.size(); ++id) {
    auto& bridge = bridges_[id];
    if (bridge.name[0] != '\0') continue;
    publish(bridge.first_port, 0);
    publish(bridge.addresses, 0);
    publish(bridge.has_served, 0);
    clear_address_statistics(id);
    set_bridge(id, settings);
    std::memset(bridge.name, 0, sizeof bridge.name);
    std::memcpy(bridge.name + 1, name.data() + 1, name.size() - 1);
    publish(bridge.name[0], name[0]);
    return {};
  }
  return fail("too many bridges", fmt::format("{}: the datapath holds {} bridges at most", name, bridges_.size() - 1));
}

void PortTable::set_bridge(BridgeId id, const model::Bridge& settings) {
  auto& bridge = bridges_[id];
  publish(bridge.ageing_s, settings.ageing_s);
  publish(bridge.forward_bpdu, settings.forward_bpdu ? 1 : 0);
  publish(bridge.has_flood_vlans, settings.flood_vlans.empty() ? 0 : 1);
  publish(bridge.max_addresses, settings.max_addresses);
  for (const auto slot : ports_in_use()) {
    if (ports_[slot].bridge == id) copy_settings(bridge, ports_[slot]);
  }
}

void PortTable::set_served(BridgeId id, bool has_served) {
  publish(bridges_[id].has_served, has_served ? 1 : 0);
  for (const auto slot : ports_in_use()) {
    if (ports_[slot].bridge == id) copy_settings(bridges_[id], ports_[slot]);
  }
}

void PortTable::note_addresses(BridgeId id, AddressCount change) {
  std::atomic_ref(bridges_[id].addresses).fetch_add(change.entered - change.removed, std::memory_order_relaxed);
  std::atomic_ref(bridges_[id].expired).fetch_add(change.expired, std::memory_order_relaxed);
  std::atomic_ref(bridges_[id].evicted).fetch_add(change.evicted, std::memory_order_relaxed);
  forget_flows(id);
}

void PortTable::forget_flows(BridgeId id) {
  std::atomic_ref(bridges_[id].rearranged).fetch_add(1, std::memory_order_release);
}

void PortTable::correct_addresses(BridgeId id, std::uint32_t counted, std::uint32_t present) {
  std::atomic_ref(bridges_[id].addresses).compare_exchange_strong(counted, present, std::memory_order_relaxed);
}

void PortTable::clear_address_statistics(BridgeId id) {
  auto& bridge = bridges_[id];
  for (auto* counter : {&bridge.learned, &bridge.expired, &bridge.evicted, &bridge.moved}) publish(*counter, 0);
}

void PortTable::remove_bridge(BridgeId id) {
  publish(bridges_[id].first_port, 0);
  publish(bridges_[id].name[0], '\0');
}

Slot PortTable::find_port(int device_ifindex) const {
  const auto found = by_device_.find(static_cast<std::uint32_t>(device_ifindex));
  return found == by_device_.end() ? 0 : found->second;
}

Slot PortTable::find_carrier(int ifindex) const {
  const auto found = by_carrier_.find(static_cast<std::uint32_t>(ifindex));
  return found == by_carrier_.end() ? 0 : found->second;
}

std::vector<Slot> PortTable::ports_in_use() const {
  std::vector<Slot> slots;
  for (Slot slot = 1; slot < ports_.size(); ++slot) {
    if (is_in_use(slot)) slots.push_back(slot);
  }
  return slots;
}

Result<Slot> PortTable::add_port(const weft_port& wanted) {
  if (free_.empty()) {
    return fail("too many ports", fmt::format("the datapath holds {} ports at most", ports_.size() - 1));
  }
  const auto slot = free_.back();
  free_.pop_back();
  auto& port = ports_[slot];
  auto& bridge = bridges_[wanted.bridge];
  publish(port.device, wanted.device);
  publish(port.vlan, wanted.vlan);
  publish(port.flags, wanted.flags);
  publish(port.admission_ticks, wanted.admission_ticks);
  publish(port.mtu_bytes, wanted.mtu_bytes);
  publish(port.ofport, wanted.ofport);
  copy_settings(bridge, port);
  publish(port.bridge, wanted.bridge);
  publish(port.next, bridge.first_port);
  publish(port.ifindex, wanted.ifindex);
  publish(bridge.first_port, slot);
  index(slot);
  return slot;
}

void PortTable::set_port(Slot slot, weft_port_vlan vlan, std::uint16_t ofport) {
  publish(ports_[slot].vlan, vlan);
  publish(ports_[slot].ofport, ofport);
}

void PortTable::set_device(Slot slot, std::uint32_t ifindex) {
  forget_device(slot);
  publish(ports_[slot].device, ifindex);
  if (ifindex != 0) by_device_[ifindex] = slot;
}

void PortTable::set_flag(Slot slot, weft_port_flag flag, bool on) {
  const auto others = ports_[slot].flags & ~flag;
  publish(ports_[slot].flags, static_cast<std::uint16_t>(on ? others | flag : others));
}

void PortTable::set_admission(Slot slot, std::optional<std::uint16_t> ticks) {
  publish(ports_[slot].admission_ticks, ticks.value_or(0));
  set_flag(slot, WEFT_PORT_TUNNEL, ticks.has_value());
}

void PortTable::set_mtu(Slot slot, std::uint16_t mtu_bytes) { publish(ports_[slot].mtu_bytes, mtu_bytes); }

void PortTable::remove_port(Slot slot) {
  unlink(slot);
  forget_device(slot);
  by_carrier_.erase(ports_[slot].ifindex);
  publish(ports_[slot].ifindex, 0);
  left_.push_back(slot);
}

void PortTable::allow_reuse() {
  free_.insert(free_.end(), left_.begin(), left_.end());
  left_.clear();
  std::ranges::sort(free_, std::greater());
}

// The port is in its bridge's list, or at its beginning.
void PortTable::index(Slot slot) {
  const auto& port = ports_[slot];
  if (port.device != 0) by_device_[port.device] = slot;
  by_carrier_[port.ifindex] = slot;
  if (bridges_[port.bridge].first_port == slot) previous_[slot] = 0;
  if (port.next != 0) previous_[port.next] = slot;
}

// Its number may be another's by now.
void PortTable::forget_device(Slot slot) {
  const auto found = by_device_.find(ports_[slot].device);
  if (found != by_device_.end() && found->second == slot) by_device_.erase(found);
}

void PortTable::unlink(Slot slot) {
  const auto& port = ports_[slot];
  const auto previous = previous_[slot];
  publish(previous == 0 ? bridges_[port.bridge].first_port : ports_[previous].next, port.next);
  if (port.next != 0) previous_[port.next] = previous;
}

void PortTable::copy_settings(const weft_bridge& from, weft_port& to) {
  publish(to.ageing_ticks, ticks_of_seconds(from.ageing_s));
  auto flags = to.flags & ~(WEFT_PORT_FORWARD_BPDU | WEFT_PORT_FLOOD_VLANS | WEFT_PORT_SERVED);
  if (from.forward_bpdu != 0) flags |= WEFT_PORT_FORWARD_BPDU;
  if (from.has_flood_vlans != 0) flags |= WEFT_PORT_FLOOD_VLANS;
  if (from.has_served != 0) flags |= WEFT_PORT_SERVED;
  publish(to.flags, static_cast<std::uint16_t>(flags));
}

void PortTable::repair(const std::function<bool(Slot)>& is_entered) {
  std::vector<bool> is_listed(ports_.size(), false);
  for (const auto id : bridges_in_use()) {
    auto* reference = &bridges_[id].first_port;
    while (*reference != 0) {
      const auto slot = *reference;
      if (!is_in_use(slot) || ports_[slot].bridge != id || is_listed[slot]) {
        publish(*reference, 0);
        break;
      }
      if (is_entered(slot)) {
        is_listed[slot] = true;
        reference = &ports_[slot].next;
      } else {
        publish(*reference, ports_[slot].next);
      }
    }
  }
  by_device_.clear();
  by_carrier_.clear();
  for (const auto slot : ports_in_use()) {
    if (is_listed[slot]) {
      index(slot);
    } else {
      publish(ports_[slot].ifindex, 0);
      left_.push_back(slot);
    }
  }
}

}  // namespace weft::kernel
