// The datapath's learned addresses (its `fdb` map), read and swept. The datapath itself treats an aged address as
// absent: sweeping only makes room.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "kernel/port_table.hpp"
#include "wire/mac_address.hpp"

namespace weft::kernel {

inline constexpr std::size_t most_swept_addresses = 65536;  // Half a second's work, that clients wait for.

inline constexpr std::size_t most_held_addresses = 64;  // That are told at a time.

// One that the datapath holds to a port since it moves too fast (bpf/move.h).
struct HeldAddress {
  BridgeId bridge = 0;
  std::uint16_t vlan = 0;
  MacAddress mac;
  Slot port = 0, other_port = 0;

  auto operator<=>(const HeldAddress&) const = default;
};

struct Address {
  BridgeId bridge = 0;
  std::uint16_t vlan = 0;  // 0: untagged.
  MacAddress mac;
  Slot port = 0;
  bool is_static = false;
  std::uint32_t age_s = 0;  // Since its last frame.

  bool operator==(const Address&) const = default;
};

// Those that are valid now, in no order.
Result<std::vector<Address>> read_addresses(int fdb_fd, const PortTable& ports);
// Forgets the aged addresses and those of ports that have left; then the slots of such ports can be taken again.
// At most `most_swept_addresses` at a time. Returns those that are held, at most `most_held_addresses`.
Result<std::set<HeldAddress>> sweep_addresses(int fdb_fd, PortTable& ports);
// Forgets the learned addresses of one port.
Result<> forget_addresses(int fdb_fd, PortTable& ports, Slot port);
// Forgets the learned addresses of one bridge, or of all.
Result<> flush_addresses(int fdb_fd, PortTable& ports, std::optional<BridgeId> bridge);
// Forgets all addresses of a bridge that goes.
Result<> forget_bridge(int fdb_fd, PortTable& ports, BridgeId bridge);
// Where a bridge has more addresses than it may, those learned ones go that were silent for longest.
Result<> trim_addresses(int fdb_fd, PortTable& ports, BridgeId bridge);

// An address that neither ages nor moves; takes the place of a learned one. Error "full": there is no room for it.
Result<> put_static_address(int fdb_fd, PortTable& ports, const Address& address);
// False: there is no such static address.
Result<bool> remove_static_address(int fdb_fd, PortTable& ports, BridgeId bridge, std::uint16_t vlan,
                                   const MacAddress& mac);

}  // namespace weft::kernel
