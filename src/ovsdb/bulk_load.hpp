// Fills an empty database with the rows of a file. A file that was written by a server has rows that fit together: that
// is checked here table by table, which is several times as fast as one transaction over all of them. What does not fit
// is left to the transaction, whose rules repair it (weak references, garbage) or name what is wrong.
#pragma once

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// `database` has no rows; `rows` by table, as in DatabaseSchema::tables. The errors of Transaction::commit(); then it
// still has none.
Result<> bulk_load(Database& database, std::vector<Rows> rows);

}  // namespace weft::ovsdb
