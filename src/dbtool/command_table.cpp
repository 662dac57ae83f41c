#include <algorithm>
#include <limits>

#include "dbtool/handlers.hpp"

namespace weft::dbtool {
namespace {

constexpr auto any = std::numeric_limits<std::size_t>::max();

constexpr Command commands[] = {
    {"create", 0, 2, "[db [schema]]", "make an empty database of the schema", create},
    {"create-cluster", 3, 3, "db contents local", "make a cluster's first member from a schema or database",
     create_cluster},
    {"join-cluster", 4, any, "db name local remote...", "make a member that joins a cluster (--cid: this one)",
     join_cluster},
    {"compact", 0, 2, "[db [dst]]", "rewrite the database as short as can be", compact},
    {"convert", 0, 3, "[db [schema [dst]]]", "rewrite the database for another schema", convert},
    {"needs-conversion", 0, 2, "[db [schema]]", "does its schema differ? yes or no", needs_conversion},
    {"db-name", 0, 1, "[db]", "name of the database's schema", db_name},
    {"db-version", 0, 1, "[db]", "version of the database's schema", db_version},
    {"db-cksum", 0, 1, "[db]", "checksum of the database's schema", db_cksum},
    {"db-cid", 1, 1, "db", "id of a member's cluster; exit status 2: not yet known", db_cid},
    {"db-sid", 1, 1, "db", "id of a cluster's member", db_sid},
    {"db-local-address", 1, 1, "db", "address of a cluster's member", db_local_address},
    {"db-is-clustered", 1, 1, "db", "exit status 0: it is; 2: it is standalone", db_is_clustered},
    {"db-is-standalone", 1, 1, "db", "exit status 0: it is; 2: it is clustered", db_is_standalone},
    {"schema-name", 0, 1, "[schema]", "name of the schema", schema_name},
    {"schema-version", 0, 1, "[schema]", "version of the schema", schema_version},
    {"schema-cksum", 0, 1, "[schema]", "checksum of the schema", schema_cksum},
    {"query", 1, 2, "[db] trns", "run a transaction and keep none of its changes", query},
    {"transact", 1, 2, "[db] trns", "run a transaction", transact},
    {"show-log", 0, 1, "[db]", "the database's transactions; -m: rows, -mm: columns", show_log},
    {"check-cluster", 1, any, "db...", "do the files of a cluster's members fit together?", check_cluster},
    {"compare-versions", 3, 3, "a op b", "exit status 0: true; 2: false (op: < <= == >= > !=)", compare_versions},
    {"help", 0, any, "", "this text", help},
    {"list-commands", 0, any, "", "names and arguments of all commands", list_commands},
    {"cluster-to-standalone", 2, 2, "db clusterdb", "make a standalone database of a member's", cluster_to_standalone},
};

}  // namespace

std::span<const Command> all_commands() { return commands; }

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands, name, &Command::name);
  return found == std::end(commands) ? nullptr : found;
}

}  // namespace weft::dbtool
