// What a monitor follows of a database, and how changes of it are told (RFC 7047 sections 4.1.5 to 4.1.7,
// ovsdb-server(7) sections 4.1.12 to 4.1.16). A view belongs to no client: monitors that ask the same share one, and
// what is told of a commit is computed once for all of them. Telling costs by what changed, not by what is there.
#pragma once

#include <memory>

#include "ovsdb/database.hpp"
#include "ovsdb/monitor_request.hpp"

namespace weft::ovsdb {

class MonitorView {
 public:
  // The database must outlive the view.
  MonitorView(MonitorKind kind, const Database& database, MonitoredTables tables)
      : kind_(kind), database_(&database), tables_(std::move(tables)) {}

  MonitorKind kind() const { return kind_; }
  const Database& database() const { return *database_; }
  const MonitoredTables& tables() const { return tables_; }

  // What it tells depends on values that are kept in no file: a restart changes them, and no commit tells so.
  bool depends_on_unkept() const;

  // <table-updates>, or <table-updates2>: what is there now, as far as it is selected.
  json::object initial() const;
  // The same of what changed; empty: there is nothing to tell.
  json::object updates(const ChangeSet& changes) const;
  // What comes into sight and what leaves it for one who has seen this view and now sees `next`, which follows the same
  // tables and columns.
  json::object transition(const MonitorView& next) const;

 private:
  const TableSchema& schema_of(std::size_t table) const { return database_->schema().tables[table]; }
  json::object table_updates(std::size_t table, const MonitoredTable& monitored, const ChangeSet& changes) const;

  MonitorKind kind_;
  const Database* database_;
  MonitoredTables tables_;
};

// The views that are in use, of one database.
class MonitorViews {
 public:
  explicit MonitorViews(const Database& database) : database_(&database) {}

  // One that is there, or a new one. Errors: see parse_monitor_requests().
  Result<std::shared_ptr<const MonitorView>> find_or_make(MonitorKind kind, const json::value& requests);

 private:
  const Database* database_;
  std::map<std::string, std::weak_ptr<const MonitorView>, std::less<>> views_;  // By kind and text of the requests.
  std::size_t sweep_at_ = 16;  // With so many entries, those that are out of use are looked for.
};

// One commit's changes, and what they are in the words of each view that somebody asks for.
class CommitNews {
 public:
  CommitNews(const ChangeSet& changes, const Uuid& transaction_id)
      : changes_(changes), transaction_id_(transaction_id) {}

  const ChangeSet& changes() const { return changes_; }
  const Uuid& transaction_id() const { return transaction_id_; }
  // The text of view.updates(changes()); empty where there is nothing to tell.
  const std::string& updates(const MonitorView& view);

 private:
  const ChangeSet& changes_;
  Uuid transaction_id_;
  std::unordered_map<const MonitorView*, std::string> texts_;
};

}  // namespace weft::ovsdb
