// The datapath's learned addresses (its `fdb` map), read and swept. The datapath itself treats an aged address as
// absent: sweeping only makes room.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "kernel/port_table.hpp"
#include "wire/mac_address.hpp"

namespace weft::kernel {

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
Result<> sweep_addresses(int fdb_fd, PortTable& ports);
// Forgets the learned addresses of one port.
Result<> forget_addresses(int fdb_fd, Slot port);
// Forgets the learned addresses of one bridge, or of all.
Result<> flush_addresses(int fdb_fd, std::optional<BridgeId> bridge);

// An address that neither ages nor moves; takes the place of a learned one. Error "full": there is no room for it.
Result<> put_static_address(int fdb_fd, const Address& address);
// False: there is no such static address.
Result<bool> remove_static_address(int fdb_fd, BridgeId bridge, std::uint16_t vlan, const MacAddress& mac);

}  // namespace weft::kernel
