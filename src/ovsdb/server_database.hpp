// The "_Server" database (ovsdb-server(5)): a row for each database that is served. In memory; clients only read it.
#pragma once

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

inline constexpr char server_database_name[] = "_Server";

std::unique_ptr<Database> make_server_database();
// What the row of a database tells.
struct Announcement {
  std::string name;
  std::string model = "standalone";
  bool is_connected = true;
  bool is_leader = true;                   // Of a standalone database this is always true.
  const DatabaseSchema* schema = nullptr;  // Null: it is not known yet.
};
// Adds the row, or brings it up to date.
void announce(Database& server_database, const Announcement& served);
// Takes the row of the database of that name away, if there is one.
void retract(Database& server_database, std::string_view name);

}  // namespace weft::ovsdb
