// A server's schema may be older or newer than the one the bridge commands were written for. What they rely on is
// checked once; a column that is not there is told when a command asks for it.
#pragma once

#include "ovsdb/schema.hpp"

namespace weft::vsctl {

// Error "unsupported schema": a column has another type than expected.
Result<> check_schema(const ovsdb::DatabaseSchema& schema);

}  // namespace weft::vsctl
