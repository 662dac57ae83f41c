// A TCP packet of IPv4 under other addresses.
#pragma once

#include <optional>

#include "wire/ip_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

// The packet as it would have been sent between these IPv4 addresses. Its checksums are made anew: a packet of the same
// host may have left them to a device that it never met. Bytes behind the packet are left out. None: something else,
// not whole, or a fragment.
std::optional<Bytes> readdress_tcp(ByteView packet, const IpAddress& source, const IpAddress& destination);

}  // namespace weft
