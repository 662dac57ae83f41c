// Names for the states of a database that is kept in a file, which a restart does not change, so that clients that come
// back learn only what they missed ("last-txn-id", ovsdb-server(7)). The file format has no room for them: they follow
// from what the file says. Where a file is written anew, the comment of its one transaction tells the name.
#pragma once

#include "base/json.hpp"
#include "base/uuid.hpp"

namespace weft::ovsdb {

// Of the state after a record with this hash: a hash over all records so far. Before the first one it is zero.
Uuid transaction_id_after(const Uuid& before, std::string_view record_sha1);

// The comment of the record that holds all rows, with the state's name; and the name that such a record tells.
std::string comment_with_id(std::string_view comment, const Uuid& id);
std::optional<Uuid> id_in_comment(const json::value& record);

}  // namespace weft::ovsdb
