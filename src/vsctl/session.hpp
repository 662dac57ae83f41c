// The connection to a database server: its schema, transactions, and waiting for changes.
#pragma once

#include <optional>
#include <string>

#include "jsonrpc/client.hpp"
#include "ovsdb/schema.hpp"
#include "vsctl/snapshot.hpp"

namespace weft::vsctl {

inline constexpr char database_name[] = "Open_vSwitch";

// A server that takes longer over an answer is given up, unless --timeout says how long the whole may take.
inline constexpr std::chrono::seconds longest_answer{60};

struct Remote {
  std::string address;                                                        // --db
  bool retry = false;                                                         // Try until the server is there.
  std::optional<std::chrono::milliseconds> answer_patience = longest_answer;  // None: wait for ever.
  stream::TlsSettings tls = {};                                               // For ssl: and pssl:.
};

class Session {
 public:
  // Errors: "connection failed"; "timed out": a retry that has not succeeded by the deadline.
  static Result<Session> open(const Remote& remote, stream::Deadline deadline = {});

  const ovsdb::DatabaseSchema& schema() const { return *schema_; }

  // The results as they come: one an operation, some of which may be errors.
  Result<json::array> transact(json::array operations);
  // For reading: an error among the results is an Error.
  Result<json::array> read(json::array operations);

  // Returns when a row or column that `snapshot` has read may have changed since.
  Result<> await_change(const Snapshot& snapshot);

  // The first time: the column's values; afterwards the next change of it. Error "timed out" at the deadline.
  Result<json::value> watch(std::string_view table, std::string_view column);
  Result<json::value> next_change(stream::Deadline deadline);

 private:
  Session(jsonrpc::Client client, const Remote& remote) : client_(std::move(client)), remote_(remote) {}
  Result<json::value> call(std::string_view method, json::array params);
  Result<> read_schema();
  Result<json::value> monitor(json::object requests);

  jsonrpc::Client client_;
  Remote remote_;
  std::shared_ptr<const ovsdb::DatabaseSchema> schema_;
  std::string monitored_;  // The text of the monitor's request; empty: there is none.
};

// The first error among a transaction's results, as the server told it; null if there is none.
const json::object* first_failure(const json::array& results);
std::optional<Error> first_error(const json::array& results);

}  // namespace weft::vsctl
