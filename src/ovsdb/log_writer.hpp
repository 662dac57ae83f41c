// Appends records to an OVSDB log: each by one write, so that a crash can only tear the last one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "ovsdb/log_format.hpp"

namespace weft::ovsdb {

class LogWriter {
 public:
  // `fd` is open for writing; `end` is where its good records end. What lies behind is cut off at the first append.
  LogWriter(UniqueFd fd, std::uint64_t end, std::string_view magic = standalone_magic);

  // `json`: one line of text. `durable`: on the disk when this returns. Returns the record's SHA-1. After an error
  // ("I/O error", "too large") the log is as it was before, also where the disk was full after half of the record.
  Result<std::string> append(std::string_view json, bool durable);
  std::uint64_t size_bytes() const { return end_; }
  // Brings what was appended to the disk, until it is called: on any thread, also when the writer is gone.
  std::function<Result<>()> sync_task() const;
  Result<> sync();
  // A sync() or a durable append() failed: what was appended before may be missing on the disk, too.
  bool has_failed_to_sync() const { return has_failed_to_sync_; }

 private:
  Result<> cut_off_rest();

  std::shared_ptr<const UniqueFd> fd_;
  std::uint64_t end_;
  std::string_view magic_;
  bool has_rest_ = true;  // There may be bytes behind end_.
  bool has_failed_to_sync_ = false;
};

}  // namespace weft::ovsdb
