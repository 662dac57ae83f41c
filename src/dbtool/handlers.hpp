// The functions behind the command table, by the file that has them.
#pragma once

#include "dbtool/command.hpp"

namespace weft::dbtool {

// schema_commands.cpp
Handler db_name, db_version, db_cksum, schema_name, schema_version, schema_cksum, needs_conversion, compare_versions;
// file_commands.cpp
Handler create, compact, convert, db_is_clustered, db_is_standalone;
// cluster_commands.cpp
Handler create_cluster, join_cluster, db_cid, db_sid, db_local_address, check_cluster, cluster_to_standalone;
// transaction_commands.cpp
Handler query, transact;
// show_log.cpp
Handler show_log;
// help.cpp
Handler help, list_commands;

}  // namespace weft::dbtool
