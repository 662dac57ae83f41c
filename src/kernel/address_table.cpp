#include "kernel/address_table.hpp"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <iterator>

#include "kernel/address_map.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

std::uint32_t age_ticks(const weft_fdb_entry& entry, std::uint32_t now) {
  const auto age = static_cast<std::int32_t>(now - entry.seen_tick);
  return age < 0 ? 0 : static_cast<std::uint32_t>(age);  // Seen after `now` was read.
}

bool is_held(const weft_fdb_entry& entry, std::uint32_t now) {
  return entry.is_held != 0 && static_cast<std::uint16_t>(now - entry.moved_tick) <= WEFT_HELD_TICKS;
}

MacAddress mac_of(const weft_fdb_key& key) {
  std::array<std::uint8_t, 6> mac{};
  std::ranges::copy(key.mac, mac.begin());
  return MacAddress(mac);
}

bool is_of_port(const weft_fdb_key& key, const weft_fdb_entry& entry, const PortTable& ports) {
  return ports.is_in_use(entry.port) && ports.port(entry.port).bridge == key.bridge;
}

bool is_valid(const weft_fdb_key& key, const weft_fdb_entry& entry, const PortTable& ports, std::uint32_t now) {
  if (!is_of_port(key, entry, ports)) return false;
  return entry.owner != WEFT_FDB_LEARNED || age_ticks(entry, now) <= ports.port(entry.port).ageing_ticks;
}

// Those of `keys` that are still there; `why` says how each of them counts, beside being removed.
Result<> forget(int fdb_fd, PortTable& ports, const std::vector<weft_fdb_key>& keys, AddressCount why = {}) {
  why.removed = 1;
  for (const auto& key : keys) {
    const int error = bpf_map_delete_elem(fdb_fd, &key);
    if (error != 0 && error != -ENOENT) return fail_with_errno(-error, "cannot forget an address");
    if (error == 0) ports.note_addresses(key.bridge, why);
  }
  return {};
}

template <class Predicate>
Result<> forget_if(int fdb_fd, PortTable& ports, Predicate is_meant) {
  std::vector<weft_fdb_key> meant;
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    if (is_meant(key, entry)) meant.push_back(key);
  }));
  return forget(fdb_fd, ports, meant);
}

weft_fdb_key key_of(BridgeId bridge, std::uint16_t vlan, const MacAddress& mac) {
  weft_fdb_key key{};
  key.bridge = bridge;
  key.vlan = vlan;
  std::ranges::copy(mac.bytes(), key.mac);
  return key;
}

}  // namespace

Result<std::vector<Address>> read_addresses(int fdb_fd, const PortTable& ports) {
  const auto now = current_tick();
  std::vector<Address> addresses;
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    if (!is_valid(key, entry, ports, now)) return;
    addresses.push_back({.bridge = key.bridge,
                         .vlan = key.vlan,
                         .mac = mac_of(key),
                         .port = entry.port,
                         .is_static = entry.owner == WEFT_FDB_STATIC,
                         .age_s = seconds_of_ticks(age_ticks(entry, now))});
  }));
  return addresses;
}

Result<std::set<HeldAddress>> sweep_addresses(int fdb_fd, PortTable& ports) {
  std::set<HeldAddress> held;
  const auto now = current_tick();
  std::vector<std::uint32_t> counted(WEFT_MAX_BRIDGES, 0), present(WEFT_MAX_BRIDGES, 0);
  for (const auto id : ports.bridges_in_use()) counted[id] = ports.bridge(id).addresses;
  std::vector<weft_fdb_key> aged, left;
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    const bool is_stale = !is_valid(key, entry, ports, now);
    if (!is_stale) {
      ++present[key.bridge];
      if (is_held(entry, now) && held.size() < most_held_addresses) {
        held.insert({.bridge = key.bridge,
                     .vlan = key.vlan,
                     .mac = mac_of(key),
                     .port = entry.port,
                     .other_port = entry.other_port});
      }
    } else if (aged.size() + left.size() < most_swept_addresses) {
      (is_of_port(key, entry, ports) ? aged : left).push_back(key);
      --counted[key.bridge];
    } else {
      ++present[key.bridge];
    }
  }));
  TRY(forget(fdb_fd, ports, aged, {.expired = 1}));
  TRY(forget(fdb_fd, ports, left));
  // A process that was killed may have forgotten addresses without counting.
  for (const auto id : ports.bridges_in_use()) ports.correct_addresses(id, counted[id], present[id]);
  if (aged.size() + left.size() < most_swept_addresses) ports.allow_reuse();
  return held;
}

Result<> forget_addresses(int fdb_fd, PortTable& ports, Slot port) {
  return forget_if(fdb_fd, ports, [=](const weft_fdb_key&, const weft_fdb_entry& entry) {
    return entry.owner == WEFT_FDB_LEARNED && entry.port == port;
  });
}

Result<> flush_addresses(int fdb_fd, PortTable& ports, std::optional<BridgeId> bridge) {
  return forget_if(fdb_fd, ports, [=](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    return entry.owner == WEFT_FDB_LEARNED && (!bridge || key.bridge == *bridge);
  });
}

Result<> forget_bridge(int fdb_fd, PortTable& ports, BridgeId bridge) {
  return forget_if(fdb_fd, ports, [=](const weft_fdb_key& key, const weft_fdb_entry&) { return key.bridge == bridge; });
}

Result<> trim_addresses(int fdb_fd, PortTable& ports, BridgeId bridge) {
  const auto& settings = ports.bridge(bridge);
  if (settings.addresses <= settings.max_addresses) return {};
  struct Silent {
    std::uint32_t ticks = 0;
    weft_fdb_key key{};
  };
  std::vector<Silent> learned;
  const auto now = current_tick();
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    if (key.bridge == bridge && entry.owner == WEFT_FDB_LEARNED) learned.push_back({age_ticks(entry, now), key});
  }));
  const auto excess = std::min<std::size_t>(settings.addresses - settings.max_addresses, learned.size());
  const auto end = learned.begin() + static_cast<std::ptrdiff_t>(excess);
  std::ranges::nth_element(learned, end, std::ranges::greater(), &Silent::ticks);
  std::vector<weft_fdb_key> longest;
  std::ranges::transform(learned.begin(), end, std::back_inserter(longest), &Silent::key);
  return forget(fdb_fd, ports, longest, {.evicted = 1});
}

Result<> put_static_address(int fdb_fd, PortTable& ports, const Address& address) {
  const auto key = key_of(address.bridge, address.vlan, address.mac);
  weft_fdb_entry entry{};
  entry.port = address.port;
  entry.seen_tick = current_tick();
  entry.owner = WEFT_FDB_STATIC;
  int error = bpf_map_update_elem(fdb_fd, &key, &entry, BPF_NOEXIST);
  if (error == 0) ports.note_addresses(address.bridge, {.entered = 1});
  if (error == -EEXIST) error = bpf_map_update_elem(fdb_fd, &key, &entry, BPF_ANY);
  ports.forget_flows(address.bridge);
  if (error == -E2BIG) return fail("full", "the address table is full");
  if (error != 0) return fail_with_errno(-error, "cannot enter an address");
  return {};
}

Result<bool> remove_static_address(int fdb_fd, PortTable& ports, BridgeId bridge, std::uint16_t vlan,
                                   const MacAddress& mac) {
  const auto key = key_of(bridge, vlan, mac);
  weft_fdb_entry entry{};
  if (bpf_map_lookup_elem(fdb_fd, &key, &entry) != 0 || entry.owner != WEFT_FDB_STATIC) return false;
  TRY(forget(fdb_fd, ports, {key}));
  return true;
}

}  // namespace weft::kernel
