// How an atom reads in words to people (ovs-vsctl(8) "Database Values").
#pragma once

#include <string>
#include <string_view>

#include "ovsdb/column_type.hpp"

namespace weft::ovsdb {

// A string stands bare if it looks like an identifier and cannot be taken for a boolean or a UUID.
bool needs_quotes(std::string_view text);
std::string describe(const Atom& atom);

// A column of at most one value shows it without brackets: [1, 2]  {a=b}  "x y".
std::string describe(const ColumnType& type, const Datum& datum);

}  // namespace weft::ovsdb
