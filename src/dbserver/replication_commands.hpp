// The commands that ovs-appctl gives to a server that may be the backup of another (ovsdb-server(1) "Active-Backup
// Commands").
#pragma once

#include "dbserver/replication.hpp"
#include "unixctl/command_table.hpp"

namespace weft::dbserver {

// `replication` outlives the table.
void add_replication_commands(unixctl::CommandTable& table, Replication& replication);

}  // namespace weft::dbserver
