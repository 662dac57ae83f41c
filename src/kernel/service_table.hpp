// What the datapath holds of services: the maps `served`, `neighbours` and `guests`.
//
// An address may be told for two reasons: the bridge's settings name it, or it is a guest's behind one of its ports.
// The settings win, then the guest in the lowest slot. What is entered for guests follows from `guests`, so a process
// that was killed in between leaves nothing that adopt() could not put right.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/error.hpp"
#include "kernel/port_table.hpp"
#include "model/served.hpp"

namespace weft::kernel {

class ServiceTable {
 public:
  using Vlans = std::map<std::uint16_t, model::ServedVlan>;

  ServiceTable(int served_fd, int neighbours_fd, int guests_fd)
      : served_fd_(served_fd), neighbours_fd_(neighbours_fd), guests_fd_(guests_fd) {}
  // What another process left there. What is of bridges and slots that are in no use is removed.
  Result<> adopt(const PortTable& ports);

  const Vlans& served_by(BridgeId bridge) const;
  // In the place of what it served. Where there is no room for all, what was entered stays.
  Result<> set_served(BridgeId bridge, const Vlans& wanted);

  // Without those of its addresses that there is no room for among the neighbours.
  std::optional<model::PortGuest> guest_of(Slot port) const;
  // `network`: where frames of the guest without a tag belong. None: the port has no guest (any more). Addresses that
  // there is no room for are no error here; the same guest once more tries them again.
  Result<> set_guest(Slot port, weft_vlan_key network, const std::optional<model::PortGuest>& guest);
  // The error that there is no room for an address of the guest.
  Result<> check_told(Slot port) const;

 private:
  using Key = std::tuple<BridgeId, std::uint16_t, IpAddress>;
  struct Seat {
    BridgeId bridge = 0;
    std::uint16_t vlan = 0;
    model::PortGuest guest = {};
  };
  Result<> adopt_served(const PortTable& ports);
  Result<> adopt_guests(const PortTable& ports);
  Result<> adopt_neighbours();
  Result<> set_vlan(BridgeId bridge, std::uint16_t vlan, const model::ServedVlan& wanted);
  Result<> remove_vlan(BridgeId bridge, std::uint16_t vlan);
  std::optional<weft_neighbour> wanted_entry(const Key& key) const;
  Result<> refresh(const Key& key);
  Result<> tell_untold(const Seat& seat);
  void claim(Slot port, const Seat& seat, std::set<Key>& touched);
  void disclaim(Slot port, std::set<Key>& touched);

  int served_fd_, neighbours_fd_, guests_fd_;
  std::map<BridgeId, Vlans> served_;
  std::unordered_map<Slot, Seat> guests_;
  std::map<Key, std::set<Slot>> claims_;  // Of guests.
  std::set<Key> untold_;                  // Guests' addresses that there was no room for.
};

}  // namespace weft::kernel
