// Appends records to an OVSDB log: each by one write, so that a crash can only tear the last one.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::ovsdb {

class LogWriter {
 public:
  // `fd` is open for writing; `end` is where its good records end. What lies behind is cut off at the first append.
  LogWriter(UniqueFd fd, std::uint64_t end);

  // `json`: one line of text. `durable`: on the disk when this returns. After an error ("I/O error", "too large") the
  // log is as it was before, also where the disk was full after half of the record.
  Result<> append(std::string_view json, bool durable);
  std::uint64_t size_bytes() const { return end_; }
  Result<> sync();

 private:
  Result<> cut_off_rest();

  UniqueFd fd_;
  std::uint64_t end_;
  bool has_rest_ = true;  // There may be bytes behind end_.
};

}  // namespace weft::ovsdb
