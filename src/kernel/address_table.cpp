#include "kernel/address_table.hpp"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr std::uint32_t batch_entries = 4096;  // More than any bucket of the hash table holds.

using Take = std::function<void(const weft_fdb_key&, const weft_fdb_entry&)>;

Result<> for_each_entry(int fdb_fd, const Take& take) {
  std::vector<weft_fdb_key> keys(batch_entries);
  std::vector<weft_fdb_entry> entries(batch_entries);
  std::uint32_t position = 0;
  bool is_first = true;
  for (;;) {
    std::uint32_t count = batch_entries;
    const int error = bpf_map_lookup_batch(fdb_fd, is_first ? nullptr : &position, &position, keys.data(),
                                           entries.data(), &count, nullptr);
    if (error != 0 && error != -ENOENT) return fail_with_errno(-error, "cannot read the address table");
    for (std::uint32_t i = 0; i < count; ++i) take(keys[i], entries[i]);
    if (error == -ENOENT) return {};
    is_first = false;
  }
}

std::uint32_t age_ticks(const weft_fdb_entry& entry, std::uint32_t now) {
  const auto age = static_cast<std::int32_t>(now - entry.seen_tick);
  return age < 0 ? 0 : static_cast<std::uint32_t>(age);  // Seen after `now` was read.
}

bool is_valid(const weft_fdb_key& key, const weft_fdb_entry& entry, const PortTable& ports, std::uint32_t now) {
  if (!ports.is_in_use(entry.port) || ports.port(entry.port).bridge != key.bridge) return false;
  return entry.owner != WEFT_FDB_LEARNED || age_ticks(entry, now) <= ports.port(entry.port).ageing_ticks;
}

Result<> forget(int fdb_fd, const std::vector<weft_fdb_key>& keys) {
  for (const auto& key : keys) {
    const int error = bpf_map_delete_elem(fdb_fd, &key);
    if (error != 0 && error != -ENOENT) return fail_with_errno(-error, "cannot forget an address");
  }
  return {};
}

template <class Predicate>
Result<> forget_learned(int fdb_fd, Predicate is_meant) {
  std::vector<weft_fdb_key> learned;
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    if (entry.owner == WEFT_FDB_LEARNED && is_meant(key, entry.port)) learned.push_back(key);
  }));
  return forget(fdb_fd, learned);
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
    std::array<std::uint8_t, 6> mac{};
    std::ranges::copy(key.mac, mac.begin());
    addresses.push_back({.bridge = key.bridge,
                         .vlan = key.vlan,
                         .mac = MacAddress(mac),
                         .port = entry.port,
                         .is_static = entry.owner == WEFT_FDB_STATIC,
                         .age_s = seconds_of_ticks(age_ticks(entry, now))});
  }));
  return addresses;
}

Result<> sweep_addresses(int fdb_fd, PortTable& ports) {
  const auto now = current_tick();
  std::vector<weft_fdb_key> stale;
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    if (!is_valid(key, entry, ports, now)) stale.push_back(key);
  }));
  TRY(forget(fdb_fd, stale));
  ports.allow_reuse();
  return {};
}

Result<> forget_addresses(int fdb_fd, Slot port) {
  return forget_learned(fdb_fd, [=](const weft_fdb_key&, Slot of) { return of == port; });
}

Result<> flush_addresses(int fdb_fd, std::optional<BridgeId> bridge) {
  return forget_learned(fdb_fd, [=](const weft_fdb_key& key, Slot) { return !bridge || key.bridge == *bridge; });
}

Result<> put_static_address(int fdb_fd, const Address& address) {
  const auto key = key_of(address.bridge, address.vlan, address.mac);
  weft_fdb_entry entry{};
  entry.port = address.port;
  entry.seen_tick = current_tick();
  entry.owner = WEFT_FDB_STATIC;
  const int error = bpf_map_update_elem(fdb_fd, &key, &entry, BPF_ANY);
  if (error == -E2BIG) return fail("full", "the address table is full");
  if (error != 0) return fail_with_errno(-error, "cannot enter an address");
  return {};
}

Result<bool> remove_static_address(int fdb_fd, BridgeId bridge, std::uint16_t vlan, const MacAddress& mac) {
  const auto key = key_of(bridge, vlan, mac);
  weft_fdb_entry entry{};
  if (bpf_map_lookup_elem(fdb_fd, &key, &entry) != 0 || entry.owner != WEFT_FDB_STATIC) return false;
  TRY(forget(fdb_fd, {key}));
  return true;
}

}  // namespace weft::kernel
