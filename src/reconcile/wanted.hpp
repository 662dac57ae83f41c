// What the switch should be, kept up to date by what commits change: a commit costs by what it changes, not by what
// there is. After any commits it is what a new one would make of the database, but for the port numbers, which it
// remembers while a device is away.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_set>

#include "model/scope.hpp"
#include "reconcile/desired.hpp"
#include "reconcile/ofports.hpp"
#include "reconcile/referrers.hpp"

namespace weft::reconcile {

class Wanted {
 public:
  // Of all that is in the database, at the first update(). It outlives this object.
  Wanted(const ovsdb::Database& database, const Columns& columns);

  // The database was converted to another schema, and anything may be otherwise.
  void adapt(const Columns& columns);

  // To be called within each commit. True: the next update() has something to look at.
  bool note(const ovsdb::ChangeSet& changes);
  // Returns which devices and bridges may be wanted otherwise than before; interfaces by their devices.
  model::Scope update();

  const model::Desired& desired() const { return desired_; }
  const std::map<std::string, WantedInterface>& interfaces() const { return interfaces_; }  // By name.
  const std::map<std::string, WantedBridge>& bridges() const { return bridges_; }           // By name.

 private:
  // The rows that decide about an interface.
  struct Seat {
    Uuid bridge = {}, port = {}, interface = {};
    std::optional<Uuid> other_bridge = {};
  };
  void note_everything();
  void note_bridge(const Uuid& uuid, const ovsdb::RowChange& change);
  void note_port(const Uuid& uuid, const ovsdb::RowChange& change);
  void note_interface(const Uuid& uuid, const ovsdb::RowChange& change);
  std::set<std::string> take_touched_names();
  void move(std::set<std::string>& names);
  std::optional<Seat> find_seat(const std::string& interface) const;
  Place read_place(const std::string& interface, const Seat& seat) const;
  std::optional<PatchPeer> read_patch_peer(const std::string& peer) const;
  void add_patched(std::set<std::string>& names) const;
  void note_patch(const std::string& name, const std::string& peer);
  void decide(const std::string& name);
  ovsdb::RowPtr find_by_name(std::size_t table, std::size_t index, const std::string& name) const;

  const ovsdb::Database& database_;
  Columns columns_;
  Referrers bridges_of_ports_, ports_of_interfaces_;
  std::unordered_set<Uuid> touched_ports_, touched_interfaces_;
  std::set<std::string> touched_names_;  // Of bridges and interfaces.

  std::map<std::string, Seat> seats_;  // By name of the interface.
  std::map<Uuid, Ofports> ofports_;    // By row of the bridge.
  // Patch ports by whom they name as their peer, and the way back.
  std::map<std::string, std::set<std::string>> patched_to_;
  std::map<std::string, std::string> patch_peers_;
  model::Desired desired_;
  std::map<std::string, WantedInterface> interfaces_;
  std::map<std::string, WantedBridge> bridges_;
};

}  // namespace weft::reconcile
