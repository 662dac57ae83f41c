#include "kernel/service_table.hpp"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "kernel/map_keys.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr const char* no_room = "no room";

std::uint32_t kinds_of(const model::ServedVlan& served) {
  return (served.has_dhcp4 ? std::uint32_t{WEFT_SERVED_DHCP} : 0) |
         (served.has_ipv6 ? std::uint32_t{WEFT_SERVED_IPV6} : 0) |
         (served.has_metadata ? std::uint32_t{WEFT_SERVED_METADATA} : 0);
}

model::ServedVlan served_from(std::uint32_t kinds) {
  return {.has_dhcp4 = (kinds & WEFT_SERVED_DHCP) != 0,
          .has_ipv6 = (kinds & WEFT_SERVED_IPV6) != 0,
          .has_metadata = (kinds & WEFT_SERVED_METADATA) != 0};
}

weft_neighbour to_datapath(const model::Neighbour& neighbour) {
  weft_neighbour entry{};
  std::ranges::copy(neighbour.mac.bytes(), entry.mac);
  entry.is_router = neighbour.is_router ? 1 : 0;
  return entry;
}

model::Neighbour from_datapath(const weft_neighbour& entry) {
  return {.mac = MacAddress(std::to_array(entry.mac)), .is_router = entry.is_router != 0};
}

weft_guest to_datapath(const model::PortGuest& guest) {
  weft_guest entry{};
  if (guest.mac) std::ranges::copy(guest.mac->bytes(), entry.mac);
  for (const auto& address : guest.addresses) {
    std::memcpy(entry.addresses[entry.count++].words, address.mapped().data(), sizeof(weft_address));
  }
  return entry;
}

model::PortGuest from_datapath(const weft_guest& entry, bool is_confined) {
  model::PortGuest guest{.is_confined = is_confined};
  if (const MacAddress mac(std::to_array(entry.mac)); !mac.is_zero()) guest.mac = mac;
  for (std::size_t i = 0; i < std::min<std::size_t>(entry.count, WEFT_GUEST_ADDRESSES); ++i) {
    guest.addresses.insert(*IpAddress::from_bytes(entry.addresses[i].words, sizeof(weft_address)));
  }
  return guest;
}

Result<> remove(int map_fd, const auto& key, const char* what) {
  const int error = bpf_map_delete_elem(map_fd, &key);
  if (error == 0 || error == -ENOENT) return {};
  return fail_with_errno(-error, fmt::format("cannot remove {} from the datapath", what));
}

Result<> enter(int map_fd, const auto& key, const auto& value, const char* what, std::size_t most) {
  const int error = bpf_map_update_elem(map_fd, &key, &value, BPF_ANY);
  if (error == 0) return {};
  if (error == -E2BIG) {
    return fail(no_room, fmt::format("the datapath holds {} {} at most, of all bridges together", most, what));
  }
  return fail_with_errno(-error, fmt::format("cannot enter {} into the datapath", what));
}

constexpr const char* served_text = "served VLANs";
constexpr const char* neighbours_text = "neighbours";
constexpr const char* guests_text = "guests";

}  // namespace

Result<> ServiceTable::adopt(const PortTable& ports) {
  TRY(adopt_served(ports));
  TRY(adopt_guests(ports));
  return adopt_neighbours();
}

Result<> ServiceTable::adopt_served(const PortTable& ports) {
  for (const auto& key : TRY(read_keys<weft_vlan_key>(served_fd_, served_text))) {
    std::uint32_t kinds = 0;
    if (bpf_map_lookup_elem(served_fd_, &key, &kinds) != 0) continue;
    if (ports.bridge(key.bridge).name[0] == '\0') {
      TRY(remove(served_fd_, key, served_text));
    } else {
      served_[key.bridge][static_cast<std::uint16_t>(key.vlan)] = served_from(kinds);
    }
  }
  return {};
}

Result<> ServiceTable::adopt_guests(const PortTable& ports) {
  for (const auto slot : TRY(read_keys<std::uint32_t>(guests_fd_, guests_text))) {
    weft_guest entry{};
    if (bpf_map_lookup_elem(guests_fd_, &slot, &entry) != 0) continue;
    if (!ports.is_in_use(slot)) {
      TRY(remove(guests_fd_, slot, guests_text));
      continue;
    }
    const auto& port = ports.port(slot);
    std::set<Key> touched;
    claim(slot,
          {.bridge = port.bridge,
           .vlan = port.vlan.tag,
           .guest = from_datapath(entry, (port.flags & WEFT_PORT_CONFINED) != 0)},
          touched);
  }
  return {};
}

Result<> ServiceTable::adopt_neighbours() {
  std::set<Key> touched;
  for (const auto& [key, slots] : claims_) touched.insert(key);
  for (const auto& key : TRY(read_keys<weft_neighbour_key>(neighbours_fd_, neighbours_text))) {
    weft_neighbour entry{};
    if (bpf_map_lookup_elem(neighbours_fd_, &key, &entry) != 0) continue;
    const auto address = *IpAddress::from_bytes(key.address.words, sizeof key.address);
    const auto vlan = static_cast<std::uint16_t>(key.network.vlan);
    if (entry.port == 0) {
      const auto bridge = served_.find(key.network.bridge);
      if (bridge != served_.end() && bridge->second.contains(vlan)) {
        bridge->second[vlan].neighbours[address] = from_datapath(entry);
      }
    }
    touched.insert({key.network.bridge, vlan, address});
  }
  for (const auto& key : touched) TRY(refresh(key));
  return {};
}

const ServiceTable::Vlans& ServiceTable::served_by(BridgeId bridge) const {
  static const Vlans nothing;
  const auto found = served_.find(bridge);
  return found == served_.end() ? nothing : found->second;
}

Result<> ServiceTable::set_served(BridgeId bridge, const Vlans& wanted) {
  for (const auto& [vlan, served] : Vlans(served_by(bridge))) {
    if (!wanted.contains(vlan)) TRY(remove_vlan(bridge, vlan));
  }
  for (const auto& [vlan, served] : wanted) TRY(set_vlan(bridge, vlan, served));
  if (wanted.empty()) served_.erase(bridge);
  return {};
}

Result<> ServiceTable::remove_vlan(BridgeId bridge, std::uint16_t vlan) {
  TRY(remove(served_fd_, weft_vlan_key{.bridge = bridge, .vlan = vlan}, served_text));
  const auto gone = served_[bridge].extract(vlan).mapped();
  for (const auto& [address, neighbour] : gone.neighbours) TRY(refresh({bridge, vlan, address}));
  return {};
}

Result<> ServiceTable::set_vlan(BridgeId bridge, std::uint16_t vlan, const model::ServedVlan& wanted) {
  const auto kinds = kinds_of(wanted);
  TRY(enter(served_fd_, weft_vlan_key{.bridge = bridge, .vlan = vlan}, kinds, served_text, WEFT_MAX_SERVED));
  auto& present = served_[bridge][vlan];
  present.has_dhcp4 = wanted.has_dhcp4;
  present.has_ipv6 = wanted.has_ipv6;
  present.has_metadata = wanted.has_metadata;
  for (const auto& [address, neighbour] : std::map(present.neighbours)) {
    if (wanted.neighbours.contains(address)) continue;
    present.neighbours.erase(address);
    TRY(refresh({bridge, vlan, address}));
  }
  for (const auto& [address, neighbour] : wanted.neighbours) {
    const auto known = present.neighbours.find(address);
    if (known != present.neighbours.end() && known->second == neighbour) continue;
    present.neighbours[address] = neighbour;
    if (auto entered = refresh({bridge, vlan, address}); !entered) {
      present.neighbours.erase(address);
      return entered;
    }
  }
  return {};
}

std::optional<model::PortGuest> ServiceTable::guest_of(Slot port) const {
  const auto found = guests_.find(port);
  if (found == guests_.end()) return std::nullopt;
  const auto& [bridge, vlan, entered] = found->second;
  auto guest = entered;
  std::erase_if(guest.addresses, [&](const auto& address) { return untold_.contains({bridge, vlan, address}); });
  return guest;
}

Result<> ServiceTable::check_told(Slot port) const {
  const auto found = guests_.find(port);
  if (found == guests_.end()) return {};
  const auto& [bridge, vlan, guest] = found->second;
  for (const auto& address : guest.addresses) {
    if (!untold_.contains({bridge, vlan, address})) continue;
    return fail(no_room, fmt::format("{} is not told to who asks for it: the datapath holds {} {} at most, of all "
                                     "bridges together",
                                     address.to_string(), int{WEFT_MAX_NEIGHBOURS}, neighbours_text));
  }
  return {};
}

Result<> ServiceTable::set_guest(Slot port, weft_vlan_key network, const std::optional<model::PortGuest>& guest) {
  const auto vlan = static_cast<std::uint16_t>(network.vlan);
  const auto present = guests_.find(port);
  const bool is_there = present != guests_.end();
  if (!guest && !is_there) return {};
  if (guest && is_there && present->second.guest == *guest && present->second.bridge == network.bridge &&
      present->second.vlan == vlan) {
    return tell_untold(present->second);
  }
  if (guest && guest->addresses.size() > WEFT_GUEST_ADDRESSES) {
    return fail("too many addresses", fmt::format("a guest has {} addresses at most, and this one has {}",
                                                  int{WEFT_GUEST_ADDRESSES}, guest->addresses.size()));
  }
  std::set<Key> touched;
  disclaim(port, touched);
  if (guest) {
    TRY(enter(guests_fd_, port, to_datapath(*guest), guests_text, WEFT_MAX_PORTS));
    claim(port, {.bridge = network.bridge, .vlan = vlan, .guest = *guest}, touched);
  } else {
    TRY(remove(guests_fd_, port, guests_text));
  }
  for (const auto& key : touched) TRY(refresh(key));
  return {};
}

Result<> ServiceTable::tell_untold(const Seat& seat) {
  for (const auto& address : seat.guest.addresses) {
    const Key key{seat.bridge, seat.vlan, address};
    if (untold_.contains(key)) TRY(refresh(key));
  }
  return {};
}

void ServiceTable::claim(Slot port, const Seat& seat, std::set<Key>& touched) {
  guests_[port] = seat;
  if (!seat.guest.mac) return;
  for (const auto& address : seat.guest.addresses) {
    const Key key{seat.bridge, seat.vlan, address};
    claims_[key].insert(port);
    touched.insert(key);
  }
}

void ServiceTable::disclaim(Slot port, std::set<Key>& touched) {
  const auto seat = guests_.extract(port);
  if (seat.empty()) return;
  for (const auto& address : seat.mapped().guest.addresses) {
    const Key key{seat.mapped().bridge, seat.mapped().vlan, address};
    const auto claims = claims_.find(key);
    if (claims == claims_.end()) continue;
    claims->second.erase(port);
    if (claims->second.empty()) claims_.erase(claims);
    touched.insert(key);
  }
}

std::optional<weft_neighbour> ServiceTable::wanted_entry(const Key& key) const {
  const auto& [bridge, vlan, address] = key;
  if (const auto served = served_by(bridge).find(vlan); served != served_by(bridge).end()) {
    const auto& named = served->second.neighbours;
    if (const auto neighbour = named.find(address); neighbour != named.end()) return to_datapath(neighbour->second);
  }
  const auto claims = claims_.find(key);
  if (claims == claims_.end()) return std::nullopt;
  const auto slot = *claims->second.begin();
  auto entry = to_datapath(model::Neighbour{.mac = *guests_.at(slot).guest.mac});
  entry.port = slot;
  return entry;
}

Result<> ServiceTable::refresh(const Key& key) {
  const auto& [bridge, vlan, address] = key;
  weft_neighbour_key at{.network = {.bridge = bridge, .vlan = vlan}, .address = {}};
  std::memcpy(at.address.words, address.mapped().data(), sizeof at.address);
  const auto wanted = wanted_entry(key);
  untold_.erase(key);
  if (!wanted) return remove(neighbours_fd_, at, neighbours_text);
  auto entered = enter(neighbours_fd_, at, *wanted, neighbours_text, WEFT_MAX_NEIGHBOURS);
  const bool is_of_guest = wanted->port != 0;
  if (entered || !is_of_guest || entered.error().tag != no_room) return entered;
  untold_.insert(key);
  return {};
}

}  // namespace weft::kernel
