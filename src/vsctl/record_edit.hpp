// Setting columns of a record from arguments COLUMN[:KEY]=VALUE: what set, create, add-port and add-bond share.
#pragma once

#include <span>
#include <string>

#include "vsctl/column_argument.hpp"
#include "vsctl/view.hpp"

namespace weft::vsctl {

// What the columns already hold is not written again: a line that changes nothing commits nothing.
Result<> set_column(View& view, const ovsdb::TableSchema& table, const Uuid& row, const Assignment& assignment);
Result<> set_columns(View& view, Symbols& symbols, const ovsdb::TableSchema& table, const Uuid& row,
                     std::span<const std::string> arguments);

// A column that may be set only at insertion is an error for a row that exists.
Result<> check_mutable(const View& view, const ovsdb::TableSchema& table, const Uuid& row, std::size_t column);

}  // namespace weft::vsctl
