// Active-backup replication (ovsdb(7) "Active-Backup Database Service Model"): as the backup, this server's databases
// hold what those of the same name at the active server hold, and clients can only read them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dbserver/databases.hpp"
#include "dbserver/replication_settings.hpp"
#include "ovsdb/server.hpp"
#include "ovsdb/upstream.hpp"

namespace weft::dbserver {

class Replication {
 public:
  static constexpr std::chrono::milliseconds default_probe_interval{60'000};
  static constexpr std::chrono::milliseconds least_probe_interval{1'000};

  // All of them must outlive it. `changed`: the settings have changed.
  Replication(boost::asio::io_context& loop, ovsdb::Server& server, Databases& databases,
              std::function<void()> changed);
  ~Replication();
  Replication(const Replication&) = delete;
  Replication& operator=(const Replication&) = delete;

  // "invalid address": it is to be the backup of a server that cannot be connected to.
  Result<> start(ReplicationSettings settings);
  const ReplicationSettings& settings() const { return settings_; }
  // Taken up with the next connect().
  void set_active_server(std::string target);
  // 0: the active server is never asked whether it is there. Otherwise at least least_probe_interval.
  Result<> set_probe_interval(std::chrono::milliseconds interval);
  // A backup begins anew.
  Result<> set_excluded(TablesByDatabase tables);
  // Databases may have come or gone: then a backup begins anew.
  Result<> note_databases();

  // This server is the backup from now on; its clients begin anew. "usage": no active server is known; "invalid
  // address".
  Result<> connect();
  // It is the active one from now on. It may be already.
  void disconnect();

  // As ovsdb-server/sync-status prints it.
  std::string status() const;

 private:
  Result<> begin_anew();
  void forget_progress();
  void greet();
  void take_server_id(const jsonrpc::Reply& reply);
  void take_names(const jsonrpc::Reply& reply);
  void take_schema(const std::string& name, const jsonrpc::Reply& reply);
  void take_content(const std::string& name, const jsonrpc::Reply& reply);
  void take(const jsonrpc::Notification& notification);
  void leave_out(const std::string& name);
  void check_progress();
  void become_active(const Error& reason);
  ovsdb::Database& database(const std::string& name);
  const std::set<std::string>& spared_in(const std::string& database) const;

  boost::asio::io_context& loop_;
  ovsdb::Server& server_;
  Databases& databases_;
  std::function<void()> changed_;
  ReplicationSettings settings_;
  std::chrono::milliseconds probe_interval_ = default_probe_interval;
  std::unique_ptr<ovsdb::Upstream> upstream_;  // While it is the backup.
  std::vector<std::string> known_;             // The databases with which it began.
  std::set<std::string> awaited_;              // Those of them whose beginning has not come yet.
  std::set<std::string> replicated_;
};

}  // namespace weft::dbserver
