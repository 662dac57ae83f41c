// The connection to a database server: its schema, transactions, and waiting for changes.
#pragma once

#include <optional>
#include <string>

#include "jsonrpc/client.hpp"
#include "ovsdb/schema.hpp"
#include "vsctl/snapshot.hpp"

namespace weft::vsctl {

inline constexpr char database_name[] = "Open_vSwitch";

class Session {
 public:
  // With `retry` tries until the server is there. Error: "connection failed".
  static Result<Session> open(const std::string& remote, bool retry);

  const ovsdb::DatabaseSchema& schema() const { return *schema_; }

  // The results as they come: one an operation, some of which may be errors.
  Result<json::array> transact(json::array operations);
  // For reading: an error among the results is an Error.
  Result<json::array> read(json::array operations);

  // Returns when a row or column that `snapshot` has read may have changed since.
  Result<> await_change(const Snapshot& snapshot);

  // The first time: the column's values; afterwards the next change of it. Error "timed out" after `patience`.
  Result<json::value> watch(std::string_view table, std::string_view column);
  Result<json::value> next_change(std::optional<std::chrono::milliseconds> patience);

 private:
  explicit Session(jsonrpc::Client client) : client_(std::move(client)) {}
  Result<> read_schema();
  Result<json::value> monitor(json::object requests);

  jsonrpc::Client client_;
  std::shared_ptr<const ovsdb::DatabaseSchema> schema_;
  std::string monitored_;  // The text of the monitor's request; empty: there is none.
};

// The first error among a transaction's results.
std::optional<Error> first_error(const json::array& results);

}  // namespace weft::vsctl
