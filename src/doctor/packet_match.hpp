// One property of a tunnel's packet against one value of a rule.
#pragma once

#include <string_view>

#include "doctor/firewall.hpp"

namespace weft::doctor {

enum class PacketField : std::uint8_t {
  protocol,
  destination_port,
  in_device,
  out_device,
  destination4,
  destination6,
  source4,
  source6,
  family,
  connection_state,
  destination_kind,  // "multicast", "local", "host", ...
  of_another_protocol,
  unknown,
};

// `value`: "udp", "17", "4789", "4000-5000", "4000:5000", "eth0", "eth*", "239.0.0.0/8", "new".
Applies compare_field(const TunnelPacket& packet, PacketField field, std::string_view value);

}  // namespace weft::doctor
