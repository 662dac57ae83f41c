// A database that is to hold what another server's holds: what that server tells of it (<table-updates2>,
// ovsdb-server(7) section 4.1.14), carried out here.
#pragma once

#include <set>

#include "base/json.hpp"
#include "ovsdb/database.hpp"

namespace weft::ovsdb {

// What was told as the beginning: afterwards the database has these rows and no others, but in the tables `spared`
// (names), which stay as they are. One commit. Errors: "protocol error": what is told does not fit the schema, or is no
// such thing; those of the commit. After an error nothing has changed.
Result<> replace_content(Database& database, const json::value& updates, const std::set<std::string>& spared);
// What was told of a change. The same errors.
Result<> apply_updates(Database& database, const json::value& updates);

// Everything but `spared` of a database of that schema, as "monitor_cond" asks for it.
json::object requests_for_all(const DatabaseSchema& schema, const std::set<std::string>& spared);
// A database of schema `ours` can hold all that one of schema `theirs` holds; the error, in Open vSwitch's words: what
// it has no place for.
Result<> can_hold(const DatabaseSchema& ours, const DatabaseSchema& theirs, const std::set<std::string>& spared);

}  // namespace weft::ovsdb
