#include "reconcile/wanted.hpp"

#include <algorithm>
#include <tuple>

#include "reconcile/interface_rules.hpp"
#include "reconcile/service_rules.hpp"

namespace weft::reconcile {
namespace {

using ovsdb::Datum;
using ovsdb::RowChange;
using ovsdb::RowPtr;

const Datum& value_of(const RowPtr& row, std::size_t column) {
  static const Datum nothing;
  return row ? row->columns[column] : nothing;
}

std::string name_of(const RowPtr& row, std::size_t column) {
  const auto* name = value_of(row, column).single<std::string>();
  return name == nullptr ? std::string() : *name;
}

}  // namespace

Wanted::Wanted(const ovsdb::Database& database, const Columns& columns) : database_(database), columns_(columns) {
  note_everything();
}

void Wanted::adapt(const Columns& columns) {
  columns_ = columns;
  for (const auto& [name, seat] : seats_) touched_names_.insert(name);
  for (const auto& [name, bridge] : bridges_) touched_names_.insert(name);
  bridges_of_ports_ = ports_of_interfaces_ = {};
  std::erase_if(ofports_, [&](const auto& of) { return !database_.find(columns_.bridge.table, of.first); });
  note_everything();
}

void Wanted::note_everything() {
  for (const auto& [uuid, row] : database_.rows(columns_.interface.table)) note_interface(uuid, {nullptr, row});
  for (const auto& [uuid, row] : database_.rows(columns_.port.table)) note_port(uuid, {nullptr, row});
  for (const auto& [uuid, row] : database_.rows(columns_.bridge.table)) note_bridge(uuid, {nullptr, row});
}

bool Wanted::note(const ovsdb::ChangeSet& changes) {
  const auto note_all = [&](const auto& columns, auto note_one) {
    bool is_any = false;
    if (columns.table >= changes.tables.size()) return is_any;
    for (const auto& [uuid, change] : changes.tables[columns.table]) {
      if (!touches_configuration(change, columns)) continue;
      (this->*note_one)(uuid, change);
      is_any = true;
    }
    return is_any;
  };
  const bool interfaces = note_all(columns_.interface, &Wanted::note_interface);
  const bool ports = note_all(columns_.port, &Wanted::note_port);
  const bool bridges = note_all(columns_.bridge, &Wanted::note_bridge);
  return interfaces || ports || bridges;
}

void Wanted::note_interface(const Uuid&, const RowChange& change) {
  for (const auto& row : {change.before, change.after}) {
    if (row) touched_names_.insert(name_of(row, columns_.interface.name));
  }
}

void Wanted::note_port(const Uuid& uuid, const RowChange& change) {
  const auto column = columns_.port.interfaces;
  ports_of_interfaces_.note(uuid, value_of(change.before, column), value_of(change.after, column),
                            [&](const Uuid& interface) { touched_interfaces_.insert(interface); });
  touched_ports_.insert(uuid);
}

void Wanted::note_bridge(const Uuid& uuid, const RowChange& change) {
  const auto& at = columns_.bridge;
  bridges_of_ports_.note(uuid, value_of(change.before, at.ports), value_of(change.after, at.ports),
                         [&](const Uuid& port) { touched_ports_.insert(port); });
  const auto before = name_of(change.before, at.name), after = name_of(change.after, at.name);
  for (const auto& name : {before, after}) touched_names_.insert(name);
  if (!change.after) ofports_.erase(uuid);
  const auto fast_path_of = [&](const RowPtr& row) {
    const auto* value = value_of(row, at.other_config).string_at("fast-path");
    return value != nullptr && *value == "false";
  };
  const bool is_same = before == after && fast_path_of(change.before) == fast_path_of(change.after);
  if (is_same || !change.after) return;
  for (const auto& port : value_of(change.after, at.ports).keys()) touched_ports_.insert(std::get<Uuid>(port));
}

model::Scope Wanted::update() {
  auto names = take_touched_names();
  move(names);
  add_patched(names);
  for (const auto& name : names) decide(name);
  return {.bridges = names, .devices = std::move(names)};
}

std::set<std::string> Wanted::take_touched_names() {
  for (const auto& port : std::exchange(touched_ports_, {})) {
    const auto row = database_.find(columns_.port.table, port);
    for (const auto& interface : value_of(row, columns_.port.interfaces).keys()) {
      touched_interfaces_.insert(std::get<Uuid>(interface));
    }
  }
  for (const auto& interface : std::exchange(touched_interfaces_, {})) {
    const auto row = database_.find(columns_.interface.table, interface);
    if (row) touched_names_.insert(name_of(row, columns_.interface.name));
  }
  return std::exchange(touched_names_, {});
}

// Finds the seats of the interfaces anew, and their numbers. Adds the names of those whose number is another now.
void Wanted::move(std::set<std::string>& names) {
  std::map<Uuid, std::map<Uuid, std::optional<OfportClaim>>> claims;  // By bridge, by interface.
  std::map<Uuid, std::uint16_t> numbers;                              // That interfaces had until now.
  for (const auto& name : names) {
    const auto seat = seats_.find(name);
    if (seat == seats_.end()) continue;
    const auto& [bridge, port, interface, other] = seat->second;
    if (const auto ofports = ofports_.find(bridge); ofports != ofports_.end()) {
      numbers[interface] = ofports->second.number_of(interface);
      claims[bridge][interface] = std::nullopt;
    }
    seats_.erase(seat);
  }
  for (const auto& name : names) {
    const auto seat = find_seat(name);
    if (!seat) continue;
    seats_.insert_or_assign(name, *seat);
    const auto bridge = database_.find(columns_.bridge.table, seat->bridge);
    if (name_of(bridge, columns_.bridge.name) == name) continue;  // The bridge's own port.
    const auto interface =
        read_interface(*database_.find(columns_.interface.table, seat->interface), columns_.interface);
    const auto number = numbers.find(seat->interface);
    const bool had_one = number != numbers.end() && number->second != 0;
    claims[seat->bridge][seat->interface] = OfportClaim{
        .name = name, .present = had_one ? number->second : interface.ofport, .requested = interface.ofport_request};
  }
  for (const auto& [bridge, of_bridge] : claims) {
    for (const auto& interface : ofports_[bridge].update(of_bridge)) {
      names.insert(name_of(database_.find(columns_.interface.table, interface), columns_.interface.name));
    }
  }
}

// Where several ports claim the interface, the first by the names of bridge and port has it.
std::optional<Wanted::Seat> Wanted::find_seat(const std::string& interface) const {
  const auto row = find_by_name(columns_.interface.table, columns_.interface.name_index, interface);
  if (!row) return std::nullopt;
  std::vector<std::tuple<std::string, std::string, Uuid, Uuid>> claimants;
  for (const auto& port : ports_of_interfaces_.of(row->uuid())) {
    const auto port_name = name_of(database_.find(columns_.port.table, port), columns_.port.name);
    for (const auto& bridge : bridges_of_ports_.of(port)) {
      const auto bridge_name = name_of(database_.find(columns_.bridge.table, bridge), columns_.bridge.name);
      claimants.emplace_back(bridge_name, port_name, bridge, port);
    }
  }
  if (claimants.empty()) return std::nullopt;
  std::ranges::sort(claimants);
  Seat seat{.bridge = std::get<2>(claimants.front()), .port = std::get<3>(claimants.front()), .interface = row->uuid()};
  if (claimants.size() > 1) seat.other_bridge = std::get<2>(claimants.back());
  return seat;
}

Place Wanted::read_place(const std::string& interface, const Seat& seat) const {
  const auto bridge = [&](const Uuid& uuid) {
    return read_bridge(*database_.find(columns_.bridge.table, uuid), columns_.bridge);
  };
  Place place{
      .bridge = bridge(seat.bridge),
      .port = read_port(*database_.find(columns_.port.table, seat.port), columns_.port),
      .has_name_of_bridge = find_by_name(columns_.bridge.table, columns_.bridge.name_index, interface) != nullptr};
  if (seat.other_bridge) place.other_bridge = bridge(*seat.other_bridge).name;
  if (const auto ofports = ofports_.find(seat.bridge); ofports != ofports_.end()) {
    place.ofport = ofports->second.number_of(seat.interface);
  }
  return place;
}

std::optional<PatchPeer> Wanted::read_patch_peer(const std::string& peer) const {
  const auto row = find_by_name(columns_.interface.table, columns_.interface.name_index, peer);
  if (!row) return std::nullopt;
  const auto config = read_interface(*row, columns_.interface);
  PatchPeer result{.type = config.type, .patch_peer = patch_peer_of(config)};
  if (const auto seat = seats_.find(peer); seat != seats_.end()) {
    result.bridge = name_of(database_.find(columns_.bridge.table, seat->second.bridge), columns_.bridge.name);
  }
  return result;
}

// What is decided of a patch port depends on its peer.
void Wanted::add_patched(std::set<std::string>& names) const {
  std::set<std::string> more;
  for (const auto& name : names) {
    if (const auto patched = patched_to_.find(name); patched != patched_to_.end()) {
      more.insert(patched->second.begin(), patched->second.end());
    }
  }
  names.merge(more);
}

// `peer` empty: it is not a patch port.
void Wanted::note_patch(const std::string& name, const std::string& peer) {
  if (const auto before = patch_peers_.find(name); before != patch_peers_.end()) {
    const auto patched = patched_to_.find(before->second);
    patched->second.erase(name);
    if (patched->second.empty()) patched_to_.erase(patched);
    patch_peers_.erase(before);
  }
  if (peer.empty()) return;
  patch_peers_[name] = peer;
  patched_to_[peer].insert(name);
}

// About the device, the interface and the bridge of this name, whichever there are.
void Wanted::decide(const std::string& name) {
  desired_.devices.erase(name);
  desired_.bridges.erase(name);
  desired_.networks.erase(name);
  desired_.guests.erase(name);
  interfaces_.erase(name);
  bridges_.erase(name);
  note_patch(name, "");
  if (const auto seat = seats_.find(name); seat != seats_.end()) {
    const auto row = database_.find(columns_.interface.table, seat->second.interface);
    const auto config = read_interface(*row, columns_.interface);
    auto place = read_place(name, seat->second);
    if (const auto peer = patch_peer_of(config)) {
      note_patch(name, *peer);
      place.patch_peer = read_patch_peer(*peer);
    }
    auto wanted = wanted_device(config, place);
    wanted.interface.port = seat->second.port;
    interfaces_[name] = std::move(wanted.interface);
    if (wanted.device) desired_.devices[name] = *std::move(wanted.device);
    if (wanted.guest) desired_.guests[name] = *std::move(wanted.guest);
  }
  const auto row = find_by_name(columns_.bridge.table, columns_.bridge.name_index, name);
  if (!row) return;
  const auto config = read_bridge(*row, columns_.bridge);
  const auto bridge = wanted_bridge(config);
  if (!bridge) return;
  auto& wanted = bridges_[name] = *bridge;
  auto served = networks_of(read_bridge_settings(*row, columns_.bridge));
  wanted.services_error = std::move(served.error);
  if (!served.networks.empty()) desired_.networks[name] = std::move(served.networks);
  desired_.bridges[name] = bridge->settings;
  const auto own = desired_.devices.find(name);
  if (own == desired_.devices.end() || own->second.internal() == nullptr)
    desired_.devices[name] = own_device_without_row(config);
}

ovsdb::RowPtr Wanted::find_by_name(std::size_t table, std::size_t index, const std::string& name) const {
  const auto key = Datum::scalar(name);
  return database_.find_by_index(table, index, std::span(&key, 1));
}

}  // namespace weft::reconcile
