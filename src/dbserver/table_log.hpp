// Changed rows in the log, for tables that ovs-appctl chose (ovsdb-server/tlog-set).
#pragma once

#include <map>
#include <set>
#include <string>

#include "ovsdb/service.hpp"

namespace weft::dbserver {

class TableLog {
 public:
  explicit TableLog(ovsdb::Service& service) : service_(service) {}
  ~TableLog();
  TableLog(const TableLog&) = delete;
  TableLog& operator=(const TableLog&) = delete;

  // `place`: DATABASE:TABLE. Errors, in Open vSwitch's words: there is none.
  Result<> set(const std::string& place, bool on);
  // All databases and tables, and whether they are logged.
  std::string describe() const;
  // Before a database goes: nothing of it is logged any more.
  void forget(const std::string& database);

 private:
  struct Watched {
    ovsdb::Database* database;
    ovsdb::Database::Subscription subscription;
    std::set<std::string> tables;  // By name: a conversion gives them other positions.
  };
  ovsdb::Service& service_;
  std::map<std::string, Watched> watched_;  // By the database's name.
};

}  // namespace weft::dbserver
