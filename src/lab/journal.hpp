// What a lab has made, or was about to make when it was killed: a file of JSON lines, each written before the act that
// it tells of, and another one after it. A last line that is torn was the intent of an act that never began.
#pragma once

#include <string>

#include "base/unique_fd.hpp"
#include "lab/diff.hpp"

namespace weft::lab {

inline constexpr std::size_t journal_bytes_max = std::size_t{64} << 20U;  // Of one that is read.
inline constexpr std::size_t journal_spare_lines_max = 2000;  // More that no longer matter: it is written anew.

struct Record {
  std::string lab = {};
  std::string file = {};  // That `up` was last called with. Empty: no `up` has come that far.
  RecordedObjects objects = {};
  bool operator==(const Record&) const = default;
};

struct Replay {
  Record record = {};
  std::size_t bytes = 0;  // That were whole lines; what follows is torn.
  std::size_t lines = 0;
};
// Pure. Errors: a whole line that says nothing we know, with its number.
Result<Replay> replay(std::string_view text);
// The lines from which replay() makes this record.
std::string lines_of(const Record& record);

class Journal {
 public:
  // In `directory`, which exists. Errors: the system's, or of replay().
  static Result<Record> read(const std::string& directory);
  // As read(); cuts off what is torn, begins one where there is none.
  static Result<Journal> open(const std::string& directory, const std::string& lab);

  const Record& record() const { return record_; }
  Result<> note_file(const std::string& file);
  // What `steps` of one wave are about to do; on the disk when it returns. What is started again needs no record: it is
  // looked at the next time, too.
  Result<> intend(std::span<const Step> steps);
  Result<> finish(std::span<const Step> steps);

 private:
  Journal(UniqueFd file, Record record) : file_(std::move(file)), record_(std::move(record)) {}
  Result<> append(const std::string& lines);
  UniqueFd file_;
  Record record_;
};

}  // namespace weft::lab
