// Router advertisements (RFC 4861 section 6.2), to one port: guests learn of prefix, MTU and name servers, and how they
// get an address. A guest whose address is fixed is sent to DHCPv6; the others make one by themselves where the prefix
// has 64 bits, and only ask DHCPv6 for the rest. So nobody ends up with both.
//
// The bridge routes nothing. Where the network has a router, by its link-local address, the advertisement is sent in
// its name; else in that of the services, as of no default router.
#pragma once

#include "services/request.hpp"

namespace weft::services {

// Between two unasked ones, at a port. Long before what they say ends.
inline constexpr std::int64_t advertisement_interval_s = 200;
inline constexpr std::uint32_t prefix_valid_s = 86400, prefix_preferred_s = 14400;

// To whoever asks by a router solicitation.
Answer answer_router_solicitation(const Request& request, const Network& network);
// To all behind the port. Empty: the network has no IPv6.
Bytes advertise_router(const std::string& device, const Network& network);
// The same, and that nothing of it holds any more: neither the router nor addresses made from the prefix (RFC 4862
// section 5.5.3: guests use them for no new connection).
Bytes withdraw_router(const std::string& device, const Network& network);

}  // namespace weft::services
