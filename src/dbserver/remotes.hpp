// The remotes of ovsdb-server: where it listens, whom it connects to, and the places in databases that tell more.
#pragma once

#include <set>
#include <string>

#include "ovsdb/server.hpp"

namespace weft::dbserver {

class Remotes {
 public:
  explicit Remotes(ovsdb::Server& server) : server_(server) {}

  // One that is there already is fine. What cannot be listened to or connected to is told in the log. Error: a place in
  // a database that does not exist.
  Result<> add(const std::string& remote);
  // "not found".
  Result<> remove(const std::string& remote);
  const std::set<std::string>& all() const { return remotes_; }

 private:
  ovsdb::Server& server_;
  std::set<std::string> remotes_;
};

}  // namespace weft::dbserver
