// The files that a command is about: named, or the defaults (ovsdb-tool(1) "FILES").
#pragma once

#include "dbtool/command.hpp"
#include "ovsdb/schema.hpp"

namespace weft::dbtool {

// A larger schema is refused.
inline constexpr std::size_t max_schema_bytes = 64 << 20;

std::string default_database();  // conf.db in OVS_DBDIR, in openvswitch in OVS_SYSCONFDIR, or in /etc/openvswitch.
std::string default_schema();    // vswitch.ovsschema in OVS_PKGDATADIR or in /usr/share/openvswitch.

// The argument, or the default database.
std::string database_argument(const Invocation& line, std::size_t position);
// The same; "not supported" where it is a clustered database.
Result<std::string> standalone_argument(const Invocation& line, std::size_t position);
Result<std::string> standalone_database(std::string path);

// The schema in the file that the argument names. Without an argument: the default schema, or where that file does
// not exist, the one that is part of the program.
Result<ovsdb::DatabaseSchema> schema_argument(const Invocation& line, std::size_t position);

}  // namespace weft::dbtool
