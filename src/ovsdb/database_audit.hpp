// The invariants of a Database, checked by doing all the work again: for tests and fuzzing.
#pragma once

#include <string>

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// What is wrong, or nothing. Checked: indexes, counts and referrers are those that follow from the rows; every
// reference has its row; every row of a non-root table is referred to; every value fits its column; no table has more
// rows than it may.
std::string find_inconsistency(const Database& database);

}  // namespace weft::ovsdb
