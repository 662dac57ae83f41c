// Database files that nobody serves: made, read, compacted and converted as a whole (ovsdb-tool(1)). All errors name
// the file and leave it as it was.
#pragma once

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// Errors: "already exists", "locked", "I/O error".
Result<> create_database(const std::string& path, const DatabaseSchema& schema);

// These three look at a file without a lock, so they may while a server writes to it.
// Is it of the clustered format, which we cannot read? "not a database": neither of the two.
Result<bool> is_clustered_database(const std::string& path);
// Reads no more than the first record.
Result<DatabaseSchema> read_database_schema(const std::string& path);
// Into memory: changes are kept nowhere. "torn": the end is an interrupted write; also those of read_content().
Result<std::unique_ptr<Database>> read_database(const std::string& path);

// Writes what `source` holds to `target`, compactly, and under `schema` where it is not null. A target that exists is
// replaced; it may be the source. Errors: as above, and those of convert_database().
Result<> rewrite_database(const std::string& source, const std::string& target, const DatabaseSchema* schema,
                          const std::string& comment);

}  // namespace weft::ovsdb
