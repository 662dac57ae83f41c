// A VXLAN packet (RFC 7348) as an underlay device shows it, and the test frame within. Pure.
#pragma once

#include "prober/test_frame.hpp"

namespace weft::prober {

// `packet`: from the outer IP header on. None: another protocol, another port, or no test frame of `run`.
std::optional<Captured> decode_tunnel_packet(ByteView packet, std::uint16_t udp_port, RunId run);

}  // namespace weft::prober
