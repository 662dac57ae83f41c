// The rows of a database under another schema (ovsdb(7) "Changing a Database's Schema").
#pragma once

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// The same rows in a new database, with no storage: columns and tables that `schema` does not have are left out, those
// that only it has are at their defaults. Values that are kept nowhere (ephemeral columns) come along, too. Errors: a
// value that the column's new type does not allow, by its table and column; "constraint violation" and "referential
// integrity violation" where the rows do not fit together any more.
Result<std::unique_ptr<Database>> convert_database(const Database& from, const DatabaseSchema& schema);

}  // namespace weft::ovsdb
