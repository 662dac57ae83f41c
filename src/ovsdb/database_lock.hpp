// The right to a database file: one holder at a time, ovsdb-server and ovsdb-tool included. They lock ".NAME.~lock~"
// beside the file with fcntl(2), and so do we; the kernel gives the lock back however the holder ends.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::ovsdb {

class DatabaseLock {
 public:
  // `name`: what errors call the database. "locked": names who holds it. "I/O error". The lock belongs to the open
  // file: it passes to a child by fork(), and the name told to others is that of the process that took it.
  static Result<DatabaseLock> take(const std::string& database_path, const std::string& name);

 private:
  explicit DatabaseLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace weft::ovsdb
