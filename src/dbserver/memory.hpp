// What survives when the process that --monitor watches crashes and is started again: what ovs-appctl has changed since
// the command line.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "dbserver/replication_settings.hpp"

namespace weft::dbserver {

struct Remembered {
  std::vector<std::string> databases;  // Paths.
  std::set<std::string> remotes;
  ReplicationSettings replication = {};
  bool operator==(const Remembered&) const = default;
};

// A file without a name: it passes to children by fork().
class Memory {
 public:
  static Result<Memory> make(const Remembered& content);
  Result<> write(const Remembered& content);
  Result<Remembered> read() const;

 private:
  explicit Memory(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace weft::dbserver
