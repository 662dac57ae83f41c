// Whether an address is one of this host's, in our namespace.
#pragma once

#include "wire/ip_address.hpp"

namespace weft::kernel {

// And can be sent from: an IPv6 address is none while it is still being asked about (RFC 4862 section 5.4).
bool is_local_address(const IpAddress& address);

}  // namespace weft::kernel
