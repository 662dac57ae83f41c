// Whether two schemas mean the same.
#pragma once

#include <optional>
#include <string>

#include "ovsdb/schema.hpp"

namespace weft::ovsdb {

// The first difference in name, tables, columns, types, indexes or limits: "table Bridge has no column foo" (in
// `found`, where `expected` has it). None: the same. Version and checksum don't matter.
std::optional<std::string> schema_difference(const DatabaseSchema& found, const DatabaseSchema& expected);

}  // namespace weft::ovsdb
