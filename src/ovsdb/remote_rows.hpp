// Remotes that stand in a database (ovsdb-server(1) "--remote"): reading them, and writing back how they fare.
#pragma once

#include <optional>
#include <vector>

#include "ovsdb/database_place.hpp"
#include "ovsdb/remote_options.hpp"

namespace weft::ovsdb {

// A row like one of Open_vSwitch's table Manager.
struct RemoteRow {
  Database* database;
  std::size_t table;
  Uuid uuid;
};

struct PlacedRemote {
  RemoteOptions options;
  std::optional<RemoteRow> row;  // None: only the target stands there, as a string.
};

// Of a column of references: the rows' "target", "max_backoff", "inactivity_probe", "read_only" and "role", as far as
// there are such columns; rows without a target are none. Of a column of strings: the targets. Of others: none.
std::vector<PlacedRemote> read_remotes(const DatabasePlace& place);

// The first string that is not empty in a column of strings; empty: there is none.
std::string read_first_string(const DatabasePlace& place);
// The same for one of booleans: some row says true.
bool read_any_true(const DatabasePlace& place);

// The tables whose changes may change read_remotes(): their positions.
std::vector<std::size_t> tables_of(const DatabasePlace& place);

// Into the columns "is_connected" and "status", as far as there are any, and the row. What is as before is no change.
// Errors: the commit's.
Result<> write_status(const RemoteRow& row, const RemoteStatus& status);

// The map that goes into "status", as ovs-vswitchd.conf.db(5) tells of Manager's.
std::map<std::string, std::string> to_map(const RemoteStatus& status);

}  // namespace weft::ovsdb
