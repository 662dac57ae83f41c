// What a client asks of a monitor: tables, columns, events and conditions (RFC 7047 section 4.1.5, ovsdb-server(7)
// sections 4.1.12 and 4.1.13).
#pragma once

#include "ovsdb/monitor_condition.hpp"
#include "ovsdb/schema.hpp"

namespace weft::ovsdb {

enum class MonitorKind { monitor, monitor_cond, monitor_cond_since };

// RFC 7047 section 4.1.5 <monitor-select>.
struct MonitorSelect {
  bool initial = true;
  bool insert = true;
  bool remove = true;  // "delete"
  bool modify = true;
};

struct MonitoredColumn {
  std::size_t column;    // Position in TableSchema::columns.
  MonitorSelect select;  // Of the request that names the column: a table may have several.
};

struct MonitoredTable {
  std::vector<MonitoredColumn> columns;
  MonitorSelect select;  // What any of the table's requests asks for.
  MonitorCondition condition;
};

// By position in DatabaseSchema::tables.
using MonitoredTables = std::map<std::size_t, MonitoredTable>;

// Errors: "syntax error", "unknown column" and what else conditions cause.
Result<MonitoredTables> parse_monitor_requests(MonitorKind kind, const DatabaseSchema& schema,
                                               const json::value& requests);

// New conditions for some of the tables that are monitored.
Result<std::map<std::size_t, MonitorCondition>> parse_condition_changes(const DatabaseSchema& schema,
                                                                        const MonitoredTables& tables,
                                                                        const json::value& requests);

}  // namespace weft::ovsdb
