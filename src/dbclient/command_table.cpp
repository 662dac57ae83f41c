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
    {"needs-conversion", server, 1, 1, "[SERVER] SCHEMA", "yes if the database is not of the file's schema",
     needs_conversion},
    {"convert", server, 1, 1, "[SERVER] SCHEMA", "convert the database to the file's schema", convert},
};

}  // namespace

std::span<const Command> all_commands() { return commands; }

}  // namespace weft::dbclient
