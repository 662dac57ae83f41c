// Tables and columns by the names people give them: any case, "-" for "_", any unique prefix.
#pragma once

#include <string_view>
#include <vector>

#include "ovsdb/schema.hpp"

namespace weft::vsctl {

// Positions in DatabaseSchema::tables and TableSchema::columns. An ambiguous name is an error that lists the
// candidates.
Result<std::size_t> find_table(const ovsdb::DatabaseSchema& schema, std::string_view name);
Result<std::size_t> find_column(const ovsdb::TableSchema& table, std::string_view name);
// As find_column(), and "_uuid" too: what may be shown, but not set.
Result<std::size_t> find_shown_column(const ovsdb::TableSchema& table, std::string_view name);

}  // namespace weft::vsctl
