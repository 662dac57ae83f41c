// What a server that may be the backup of another is told: by options, by ovs-appctl, and by itself after a crash.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/error.hpp"

namespace weft::dbserver {

// Names of tables, by database.
using TablesByDatabase = std::map<std::string, std::set<std::string>, std::less<>>;

// "DATABASE:TABLE,DATABASE:TABLE..."; empty: none. "usage".
Result<TablesByDatabase> parse_tables(const std::string& list);
// The same, in order.
std::string list_of(const TablesByDatabase& tables);

struct ReplicationSettings {
  std::string active_server;  // A connection method; empty: none is known.
  TablesByDatabase excluded;  // These are not replicated.
  bool is_backup = false;
  bool operator==(const ReplicationSettings&) const = default;
};

}  // namespace weft::dbserver
