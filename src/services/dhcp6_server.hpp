// The DHCP server of IPv6 (RFC 8415): a request in, an answer out. An interface gets one address; it is always asked by
// multicast, and answers for all hosts under one name (DUID), so that a guest that moves is known.
#pragma once

#include "services/request.hpp"

namespace weft::services {

Answer answer_dhcp6(const Request& request, const Network& network, LeaseBook& leases);

}  // namespace weft::services
