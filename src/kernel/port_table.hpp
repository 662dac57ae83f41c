// The datapath's bridges and ports, kept in the two arrays that it reads while we write.
//
// Frames are passing at every moment, and we may be killed at every moment. So each change becomes visible by one
// store: a port enters its bridge's list when `first_port` names it, and leaves it when its predecessor names the next.
// No frame for another port is lost or doubled meanwhile. repair() removes what a killed process left half entered.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "bpf/abi.h"
#include "model/observed.hpp"

namespace weft::kernel {

using Slot = std::uint32_t;      // Of a port; 0 is none.
using BridgeId = std::uint32_t;  // 0 is none.

// CLOCK_MONOTONIC in the datapath's ticks, and a time of as many seconds, rounded up.
std::uint32_t current_tick();
std::uint32_t ticks_of_seconds(std::uint32_t seconds);
std::uint32_t seconds_of_ticks(std::uint32_t ticks);

// What weftd has done to the addresses of a bridge.
struct AddressCount {
  std::uint32_t entered = 0;
  std::uint32_t removed = 0;  // In all; of them:
  std::uint32_t expired = 0;
  std::uint32_t evicted = 0;
};

class PortTable {
 public:
  // Where another process has filled the arrays, repair() must come first, and then allow_reuse() before ports are
  // added.
  PortTable(std::span<weft_port> ports, std::span<weft_bridge> bridges);

  std::optional<BridgeId> find_bridge(std::string_view name) const;
  std::vector<BridgeId> bridges_in_use() const;
  const weft_bridge& bridge(BridgeId id) const { return bridges_[id]; }
  Result<> add_bridge(const std::string& name, const model::Bridge& settings);
  void set_bridge(BridgeId id, const model::Bridge& settings);
  void set_served(BridgeId id, bool has_served);  // The map `served` has VLANs of it.
  void remove_bridge(BridgeId id);                // Which has no ports.

  // The datapath counts at the same time. What it remembers of flows is forgotten, too.
  void note_addresses(BridgeId id, AddressCount change);
  // The addresses of a bridge have been changed: the datapath is to look them up anew.
  void forget_flows(BridgeId id);
  // `present` is the number of its addresses, if `counted` still stands there: then nothing has changed since.
  void correct_addresses(BridgeId id, std::uint32_t counted, std::uint32_t present);
  void clear_address_statistics(BridgeId id);

  Slot find_port(int device_ifindex) const;  // 0: none.
  Slot find_carrier(int ifindex) const;      // By the device that carries the filter; 0: none.
  std::vector<Slot> ports_in_use() const;
  const weft_port& port(Slot slot) const { return ports_[slot]; }
  bool is_in_use(Slot slot) const { return slot < ports_.size() && ports_[slot].ifindex != 0; }
  // Fills a slot and links it. The bridge's settings and `next` of `wanted` are filled in here.
  Result<Slot> add_port(const weft_port& wanted);
  void set_port(Slot slot, weft_port_vlan vlan, std::uint16_t ofport);
  void set_device(Slot slot, std::uint32_t ifindex);  // 0: it is in another namespace.
  void set_flag(Slot slot, weft_port_flag flag, bool on);
  // How long an address behind it may send past the host's stack; none: it is no tunnel that the datapath knows.
  void set_admission(Slot slot, std::optional<std::uint16_t> ticks);
  void set_mtu(Slot slot, std::uint16_t mtu_bytes);
  void remove_port(Slot slot);

  // Addresses may still name slots whose ports have left. Such a slot is taken again only after this call, which says
  // that none does any more.
  void allow_reuse();

  // For a process that finds the arrays as another left them: frees every slot that is not in its bridge's list, or for
  // which `is_entered` says no, and cuts lists where they lead nowhere.
  void repair(const std::function<bool(Slot)>& is_entered);

 private:
  void index(Slot slot);
  void forget_device(Slot slot);
  void unlink(Slot slot);
  void copy_settings(const weft_bridge& from, weft_port& to);

  std::span<weft_port> ports_;
  std::span<weft_bridge> bridges_;
  std::unordered_map<std::uint32_t, Slot> by_device_, by_carrier_;  // By ifindex.
  std::vector<Slot> previous_;  // By slot: who names it as the next one; 0: its bridge.
  std::vector<Slot> free_;      // No port, and no address names it. The lowest is last.
  std::vector<Slot> left_;      // No port, and addresses may name it.
};

}  // namespace weft::kernel
