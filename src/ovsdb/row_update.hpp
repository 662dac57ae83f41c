// How one row's change is told to a monitor (RFC 7047 section 4.1.6 <row-update>, ovsdb-server(7) section 4.1.14
// <row-update2>).
#pragma once

#include "ovsdb/monitor_request.hpp"
#include "ovsdb/table.hpp"

namespace weft::ovsdb {

enum class RowEvent { initial, insert, remove, modify };

// `before` and `after` are what the client knows and shall know of the row; null: nothing. None: it was not asked for,
// or no column it was asked for has changed.
std::optional<json::value> row_update(MonitorKind kind, const TableSchema& schema, const MonitoredTable& monitored,
                                      RowEvent event, const Row* before, const Row* after);

}  // namespace weft::ovsdb
