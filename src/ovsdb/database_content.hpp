// What a database file holds, read into memory and written compactly. Takes no lock and changes no file.
#pragma once

#include "ovsdb/database_file.hpp"
#include "ovsdb/log_reader.hpp"

namespace weft::ovsdb {

struct DatabaseContent {
  std::unique_ptr<Database> database;  // With no storage, and with the history that the file tells.
  LogExtent extent;                    // Its end_error names the file.
  std::uint64_t compact_bytes;         // About what the file would have if it were compact.
};

// `path`: what errors call the file. Errors: those of read_log(), of RecordedRows and of `check`; "not a database"
// where the first record is no schema.
Result<DatabaseContent> read_content(int fd, const std::string& path, const SchemaCheck& check = {});

// The records of a compact file, each one line: the schema, and all rows where there are some.
std::vector<std::string> compact_records(const Database& database, const std::string& comment);

}  // namespace weft::ovsdb
