// A database that is kept in a file: opened, locked, repaired where a crash tore its end, appended to by every commit,
// and rewritten when it has grown (ovsdb(5), ovsdb(7) "Compacting").
#pragma once

#include <memory>
#include <string>

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// A file is rewritten by itself when it is larger than this and has grown by this factor since it was last compact.
inline constexpr std::uint64_t compaction_least_bytes = 10 << 20;
inline constexpr std::uint64_t compaction_growth = 4;

class DatabaseFile {
 public:
  virtual ~DatabaseFile() = default;
  virtual Database& database() = 0;
  virtual const std::string& path() const = 0;
  virtual std::uint64_t size_bytes() const = 0;
  // Rewrites the file as its schema and one record. Either the old file or the new one is there at any moment. After
  // an error the old one goes on being used.
  virtual Result<> compact() = 0;
  // Whether commits write what changed of a set or map (as from the start), or the whole value, which programs before
  // Open vSwitch 2.15 can read.
  virtual void write_differences(bool on) = 0;
};

// Sees the schema that a file has; its error is that of opening it.
using SchemaCheck = std::function<Result<>(const DatabaseSchema& found)>;

// Makes the file (0640) and its directory where there is none, with `schema`; one that is there may have another schema
// that `is_suitable` lets pass. The lock is held until the result is destroyed. Errors, all naming the file and leaving
// it as it was: "locked" (by whom), that of `is_suitable`, and those of read_log() and RecordedRows. A torn end is cut
// off, with a warning.
Result<std::unique_ptr<DatabaseFile>> open_database(const std::string& path, const DatabaseSchema& schema,
                                                    const SchemaCheck& is_suitable);

// A file that is there, whatever its schema. `TornEnd::refuse`, for one who repairs nothing: "torn" where its end is an
// interrupted write. Otherwise as above.
enum class TornEnd { cut_off, refuse };
Result<std::unique_ptr<DatabaseFile>> open_existing_database(const std::string& path, TornEnd torn_end);

}  // namespace weft::ovsdb
