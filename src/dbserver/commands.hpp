// The commands that ovs-appctl gives to a database server (ovsdb-server(1) "RUNTIME MANAGEMENT COMMANDS"); how a daemon
// ends is its own.
#pragma once

#include <functional>

#include "dbserver/databases.hpp"
#include "dbserver/table_log.hpp"
#include "ovsdb/remotes.hpp"
#include "unixctl/command_table.hpp"

namespace weft::dbserver {

// What the commands act on. All of it outlives the table.
struct Controlled {
  ovsdb::Service& service;
  Databases& databases;
  ovsdb::Remotes& remotes;
  TableLog& table_log;
  std::function<void()> changed;  // Databases or remotes did: remember them.
};

void add_commands(unixctl::CommandTable& table, const Controlled& controlled);

}  // namespace weft::dbserver
