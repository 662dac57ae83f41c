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
  std::uint64_t torn_bytes = 0;  // What lies behind: the rest of an append that a crash cut short, or nothing we know.
  Error end_error = {};          // Why it is no record, in Open vSwitch's words; where there are torn_bytes.
  std::uint64_t records = 0;
};

struct LogRecord {
  json::value value;
  std::string sha1;  // As in its header.
};

// What it means that a visitor rejects a record other than the first: an error of the whole, or that the good records
// end before it, as if it were torn.
enum class Rejected { is_an_error, is_the_end };

// Calls `visit` for each record in order. Changes nothing in the file.
// Errors: "not a database" (no first record), "corrupt database" (a bad record before good ones), "too large", "I/O
// error", and those of `visit`; the details begin with the byte.
Result<LogExtent> read_log(int fd, const std::function<Result<>(LogRecord record)>& visit,
                           Rejected rejected = Rejected::is_an_error, std::string_view magic = standalone_magic);

// The first record alone, and its header alone, which may be that of a clustered database. Errors: as above.
Result<json::value> read_first_record(int fd, std::string_view magic = standalone_magic);
Result<RecordHeader> read_first_header(int fd);

// "torn", telling how to give the rest up, where the end is an interrupted write. `path` names the file.
Result<> refuse_torn(const LogExtent& extent, const std::string& path);

}  // namespace weft::ovsdb
