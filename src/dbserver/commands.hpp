// The commands that ovs-appctl gives to ovsdb-server (ovsdb-server(1) "RUNTIME MANAGEMENT COMMANDS").
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
  std::function<void()> exit;     // Soon, after the answer.
};

void add_commands(unixctl::CommandTable& table, const Controlled& controlled);

}  // namespace weft::dbserver
