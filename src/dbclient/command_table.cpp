// The commands: what reads the command line and --help read this table.
#include "dbclient/handlers.hpp"

namespace weft::dbclient {
namespace {

using enum Needs;

constexpr Command commands[] = {
    {"list-dbs", server, 0, 0, "[SERVER]", "the server's databases", list_databases},
    {"get-schema", database, 0, 0, "[SERVER] [DATABASE]", "the schema, as JSON", get_schema},
    {"get-schema-version", database, 0, 0, "[SERVER] [DATABASE]", "its version", get_schema_version},
    {"get-schema-cksum", database, 0, 0, "[SERVER] [DATABASE]", "its checksum", get_schema_checksum},
    {"list-tables", database, 0, 0, "[SERVER] [DATABASE]", "the names of the tables", list_tables},
    {"list-columns", database, 0, 1, "[SERVER] [DATABASE] [TABLE]", "columns and their types", list_columns},
    {"transact", server, 1, 1, "[SERVER] TRANSACTION", "run [\"DATABASE\", OPERATION...] and print the results",
     transact},
    {"query", server, 1, 1, "[SERVER] TRANSACTION", "the same without an effect on the database", query},
    {"dump", database, 0, any_number, "[SERVER] [DATABASE] [TABLE [COLUMN...]]", "the content of tables", dump},
    {"monitor", database, 1, any_number, "[SERVER] [DATABASE] TABLE|ALL [COLUMN,...]...",
     "tables' rows, then each change of them", monitor, true},
    {"monitor-cond", database, 2, any_number, "[SERVER] [DATABASE] CONDITIONS TABLE [COLUMN,...]...",
     "the same of the rows that match", monitor_cond, true},
    {"monitor-cond-since", database, 2, any_number, "[SERVER] [DATABASE] [LAST-ID] CONDITIONS TABLE [COLUMN,...]...",
     "the same, from the transaction LAST-ID on", monitor_cond_since, true},
    {"wait", server_name, 2, 2, "[SERVER] DATABASE added|connected|removed",
     "wait until the server has the database, or has it no more", wait},
    {"lock", server, 1, 1, "[SERVER] LOCK", "take a lock or queue for it, and tell what becomes of it", lock, true},
    {"steal", server, 1, 1, "[SERVER] LOCK", "take it away from its owner", steal, true},
    {"unlock", server, 1, 1, "[SERVER] LOCK", "give it up", unlock, true},
    {"backup", database, 0, 0, "[SERVER] [DATABASE] > SNAPSHOT", "write schema and rows as a database file", backup},
    {"restore", database, 0, 0, "[SERVER] [DATABASE] < SNAPSHOT", "replace all rows by those of a database file",
     restore},
    {"needs-conversion", server, 1, 1, "[SERVER] SCHEMA", "yes if the database is not of the file's schema",
     needs_conversion},
    {"convert", server, 1, 1, "[SERVER] SCHEMA", "convert the database to the file's schema", convert},
};

}  // namespace

std::span<const Command> all_commands() { return commands; }

}  // namespace weft::dbclient
