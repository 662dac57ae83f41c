// The database files that a daemon has open, each served under its schema's name, and its relays.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dbserver/relay.hpp"
#include "ovsdb/database_file.hpp"
#include "ovsdb/server.hpp"

namespace weft::dbserver {

class Databases {
 public:
  // The loop and the server must outlive it. `write_differences`: see DatabaseFile::write_differences().
  Databases(boost::asio::io_context& loop, ovsdb::Server& server, bool write_differences)
      : loop_(loop), server_(server), write_differences_(write_differences) {}
  ~Databases();
  Databases(const Databases&) = delete;
  Databases& operator=(const Databases&) = delete;

  // A file's path, or "relay:DATABASE:REMOTE[,REMOTE...]". Errors, in Open vSwitch's words: a file that is open
  // already, or of a name that is served already; and those of open_existing_database().
  Result<> open(const std::string& path);
  // Serves a file that the daemon cannot do without: nobody closes it. Its name is not served yet.
  ovsdb::DatabaseFile& keep(std::unique_ptr<ovsdb::DatabaseFile> file);
  // "not found"; "not allowed": it is kept.
  Result<> close(const std::string& name);
  // Of the name; of all of them where it is null. The first error; all are tried.
  Result<> compact(const std::string* name);
  bool has(const std::string& name) const { return files_.contains(name) || relays_.contains(name); }
  std::vector<std::string> names() const;  // Of those that are in files.
  // Absolute paths, and relays as open() takes them.
  std::vector<std::string> paths() const;

 private:
  Result<> open_relay(const std::string& text);
  ovsdb::DatabaseFile& serve(std::unique_ptr<ovsdb::DatabaseFile> file);

  boost::asio::io_context& loop_;
  ovsdb::Server& server_;
  bool write_differences_;
  std::map<std::string, std::unique_ptr<ovsdb::DatabaseFile>> files_;  // By the schema's name.
  std::set<std::string> kept_;                                         // Names.
  struct OpenRelay {
    std::string text;
    std::unique_ptr<Relay> relay;
  };
  std::map<std::string, OpenRelay> relays_;  // By the database's name.
};

}  // namespace weft::dbserver
