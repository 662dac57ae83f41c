// Reads an OVSDB log record by record, with memory for one of them, and tells a torn end from damage.
#pragma once

#include <functional>

#include "base/json.hpp"
#include "ovsdb/log_format.hpp"

namespace weft::ovsdb {

// How much of a damaged file is hashed in search of a good record behind the damage. A crash leaves less to look at:
// beyond it the file is taken for corrupt.
inline constexpr std::uint64_t max_search_bytes = 256 << 20;

struct LogExtent {
  std::uint64_t good_end = 0;    // Bytes of whole records: where the next one goes.
  std::uint64_t torn_bytes = 0;  // What lies behind: the rest of an append that a crash cut short.
  std::uint64_t records = 0;
  std::uint64_t snapshot_end = 0;  // Of the first two records: all that a compact file has.
};

// Calls `visit` for each record in order; its error ends the reading. Changes nothing in the file.
// Errors: "not a database" (no first record), "corrupt database" (a bad record before good ones, or a record whose
// hash is right and whose JSON is wrong), "too large", "I/O error"; the details begin with the byte.
Result<LogExtent> read_log(int fd, const std::function<Result<>(json::value record)>& visit);

// The first record alone, and its header alone, which may be that of a clustered database. Errors: as above.
Result<json::value> read_first_record(int fd);
Result<RecordHeader> read_first_header(int fd);

// "torn", telling how to give the rest up, where the end is an interrupted write. `path` names the file.
Result<> refuse_torn(const LogExtent& extent, const std::string& path);

}  // namespace weft::ovsdb
