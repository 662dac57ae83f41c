// What the commands of the table do; one function a command, or one for commands that differ by a word.
#pragma once

#include "dbclient/command.hpp"

namespace weft::dbclient {

// schema_commands.cpp
Result<> list_databases(Context& context);
Result<> get_schema(Context& context);
Result<> get_schema_version(Context& context);
Result<> get_schema_checksum(Context& context);
Result<> list_tables(Context& context);
Result<> list_columns(Context& context);
Result<> needs_conversion(Context& context);
Result<> convert(Context& context);

// transact_commands.cpp
Result<> transact(Context& context);
Result<> query(Context& context);

// dump.cpp
Result<> dump(Context& context);

// monitor_commands.cpp: they end with the connection only.
Result<> monitor(Context& context);
Result<> monitor_cond(Context& context);
Result<> monitor_cond_since(Context& context);

// lock_commands.cpp: as these.
Result<> lock(Context& context);
Result<> steal(Context& context);
Result<> unlock(Context& context);

// backup.cpp, restore.cpp
Result<> backup(Context& context);
Result<> restore(Context& context);

// wait.cpp
Result<> wait(Context& context);

}  // namespace weft::dbclient
