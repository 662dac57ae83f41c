// A log file written anew: as a whole or not at all, whenever the machine stops.
#pragma once

#include <sys/types.h>

#include <span>

#include "ovsdb/log_writer.hpp"

namespace weft::ovsdb {

inline constexpr mode_t new_file_mode = 0640;

// Absolute, and without symbolic links: what is renamed over is the file, not the link to it. "I/O error".
Result<std::string> resolve_path(const std::string& path);

// Puts a file with these records, each one line of JSON, at `path` (of resolve_path()); returns its writer. Keeps the
// mode of the file that it replaces. The caller has the DatabaseLock of `path`. Errors name the file, which is then as
// it was: "I/O error", "too large".
Result<LogWriter> write_whole_file(const std::string& path, std::span<const std::string> records,
                                   std::string_view magic = standalone_magic);

}  // namespace weft::ovsdb
