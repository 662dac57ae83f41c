// Values as people write them on the command line (ovs-vsctl(8) "Database Values").
#pragma once

#include <string_view>

#include "ovsdb/column_type.hpp"
#include "vsctl/symbols.hpp"

namespace weft::vsctl {

// A range of integers ("1-100") may have this many elements.
inline constexpr std::uint64_t max_range_size = 4096;
// Ranges in one argument end here: a short text could stand for gigabytes.
inline constexpr std::size_t max_elements = 100'000;

// One value that takes the whole text: a string needs no quotes whatever it contains, but may have them.
// Errors: "syntax error", "constraint violation".
Result<ovsdb::Atom> parse_atom(const ovsdb::BaseType& type, std::string_view text, Symbols& symbols);

// A whole column: values or KEY=VALUE pairs, separated by spaces or a comma, brackets or braces around them optional.
Result<ovsdb::Datum> parse_datum(const ovsdb::ColumnType& type, std::string_view text, Symbols& symbols);

// "set of up to 4096 integers": for messages.
std::string describe(const ovsdb::ColumnType& type);

}  // namespace weft::vsctl
