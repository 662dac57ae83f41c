// Leases as people and other programs see them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/lease_book.hpp"

namespace weft::services {

// Of the leases of one port, for Interface.status: ip_address, ip6_address, hostname, lease_expires (RFC 3339, the
// first to end). Of several guests behind a port the addresses stand side by side, the first `most_shown`.
inline constexpr std::size_t most_shown = 8;
std::map<std::string, std::string> lease_status(const std::vector<const Lease*>& leases);

// A table of those of a bridge; of all where `bridge` is empty.
std::string lease_table(std::vector<const Lease*> leases, const std::string& bridge);

}  // namespace weft::services
