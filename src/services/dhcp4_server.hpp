// The DHCP server of IPv4 (RFC 2131): a request in, an answer out. There is no other server in the network (the
// datapath sees to that), so it refuses what it does not know.
#pragma once

#include "services/inquiries.hpp"

namespace weft::services {

// A lease lasts as long as the network says, or what is asked for if that is less, and at least so long.
inline constexpr std::uint32_t least_asked_lease_s = 10;

// Before an address of the pool is the client's, the other hosts are asked for it (services/inquiries.hpp).
Answer answer_dhcp4(const Request& request, const Network& network, LeaseBook& leases, Inquiries& inquiries);

}  // namespace weft::services
