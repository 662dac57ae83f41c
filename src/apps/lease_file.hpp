// The file beside the database in which leases outlive weftd. Written as a whole or not at all.
#pragma once

#include <string>

#include "base/error.hpp"
#include "services/lease_book.hpp"

namespace weft {

// "/etc/openvswitch/conf.db" has "/etc/openvswitch/conf.db.leases".
std::string lease_file_of(const std::string& database);

// What of the file can be read. No file: none. What cannot be read, in part or whole, is told in the log: guests keep
// their addresses all the same, as far as these follow from their MACs.
services::LeaseBook read_lease_file(const std::string& path);
// No leases: no file.
Result<> write_lease_file(const std::string& path, const services::LeaseBook& leases);

}  // namespace weft
