// A monitor: what one client follows of a database, and how each change is told to it (RFC 7047 sections 4.1.5 to
// 4.1.7, ovsdb-server(7) sections 4.1.12 to 4.1.16). Telling a change costs by what changed, not by what is there.
#pragma once

#include "ovsdb/database.hpp"
#include "ovsdb/monitor_request.hpp"

namespace weft::ovsdb {

class Monitor {
 public:
  // `id` is the client's own name for it. The database must outlive the monitor.
  static Result<Monitor> make(MonitorKind kind, json::value id, const Database& database, const json::value& requests);

  const json::value& id() const { return id_; }
  MonitorKind kind() const { return kind_; }
  const Database& database() const { return *database_; }

  // <table-updates>, or <table-updates2>: what is there now, as far as it is selected.
  json::object initial() const;
  // The same of what changed; empty: there is nothing to tell.
  json::object updates(const ChangeSet& changes) const;
  // The notification that carries `updates`: "update", "update2" or "update3".
  json::object notification(json::object updates, const Uuid& transaction_id) const;

  // "monitor_cond_change": the monitor's new name and conditions; the result is what comes into sight and what leaves
  // it. After an error nothing has changed.
  Result<json::object> change_conditions(json::value new_id, const json::value& requests);

 private:
  Monitor(MonitorKind kind, json::value id, const Database& database, MonitoredTables tables)
      : kind_(kind), id_(std::move(id)), database_(&database), tables_(std::move(tables)) {}
  const TableSchema& schema_of(std::size_t table) const { return database_->schema().tables[table]; }
  json::object table_updates(std::size_t table, const MonitoredTable& monitored, const ChangeSet& changes) const;

  MonitorKind kind_;
  json::value id_;
  const Database* database_;
  MonitoredTables tables_;
};

}  // namespace weft::ovsdb
