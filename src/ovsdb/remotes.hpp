// The remotes of a server as they are configured: by options, and by the places in databases that tell more, which are
// followed as they change. What comes of each is written back to its row.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "ovsdb/server.hpp"

namespace weft::ovsdb {

// How often what is known of remotes is written to their rows, and a remote that could not be had is tried again.
inline constexpr std::chrono::seconds remote_status_interval{5};

// Where the settings of TLS stand: each of private_key, certificate, ca_cert and ciphers may be
// "db:DATABASE,TABLE,COLUMN", a column of strings.
struct TlsSources {
  stream::TlsSettings settings = {};
  std::string bootstrap = {};  // Such a place with a boolean, too; empty: `settings.bootstrap` tells.
  std::string protocols = {};  // Such a place; empty: `settings.versions` tells.
};

// One for a server.
class Remotes {
 public:
  // The server must outlive it; databases that are followed must be removed from the server first, or outlive it.
  Remotes(boost::asio::io_context& loop, Server& server);
  ~Remotes();  // The server keeps its remotes, as they are.
  Remotes(const Remotes&) = delete;
  Remotes& operator=(const Remotes&) = delete;

  // A connection method, or "db:DATABASE,TABLE,COLUMN". One that is there already is fine. What cannot be listened to
  // is told in the log and tried again. Error: a place in a database that does not exist. If the database goes later,
  // its remotes go with it, and come again with it.
  Result<> add(const std::string& remote);
  // "not found".
  Result<> remove(const std::string& remote);
  const std::set<std::string>& all() const;

  // Errors: places that do not exist, or have no strings.
  Result<> configure_tls(TlsSources sources);

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace weft::ovsdb
