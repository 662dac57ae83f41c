// What is told of two rows that have the same values in columns that are unique together: in Open vSwitch's words.
#pragma once

#include "ovsdb/overlay.hpp"

namespace weft::ovsdb {

// `columns`: of the index, as positions in the table. `a`, `b`: as they would be after the transaction that `overlay`
// holds.
std::string describe_repetition(const Database::State& database, const Overlay& overlay, std::size_t table,
                                std::span<const std::size_t> columns, const Row& a, const Row& b);

}  // namespace weft::ovsdb
