// The records in the file of a clustered database's member, read and checked (ovsdb(5) "Clustered Format").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/uuid.hpp"

namespace weft::ovsdb {

struct ClusterMember {
  std::string name;  // Of the database.
  std::string local_address;
  Uuid server_id;
  std::optional<Uuid> cluster_id;  // Unknown until the first contact with the cluster.
};

using ClusterServers = std::map<Uuid, std::string>;  // Their addresses.

struct ClusterData {
  json::value schema = {};       // Null: as before. Otherwise the transaction starts from an empty database.
  json::value transaction = {};  // Null: none.
  bool operator==(const ClusterData&) const = default;
};

// What the log begins with: all that was before.
struct ClusterSnapshot {
  std::uint64_t term = 0;
  std::uint64_t index = 0;
  ClusterServers servers = {};
  Uuid entry_id = {};
  ClusterData data = {};
};

// The first record.
struct ClusterHeader {
  ClusterMember member;
  std::vector<std::string> remotes = {};         // Through whom it is to join the cluster.
  std::optional<ClusterSnapshot> snapshot = {};  // None: it has not joined yet.
};

struct ClusterVote {
  Uuid server;
};
struct ClusterLeader {
  Uuid server;
};
struct ClusterEntry {
  std::uint64_t index = 0;
  std::optional<ClusterServers> servers = {};
  std::optional<std::uint64_t> election_timer_ms = {};
  std::optional<Uuid> id = {};  // Of the data, if there are some.
  ClusterData data = {};
  bool operator==(const ClusterEntry&) const = default;
};
struct ClusterCommit {
  std::uint64_t index = 0;
};
struct ClusterNote {
  std::string text;
};

// Another record. It may only tell a term.
struct ClusterRecord {
  std::string comment = {};
  std::uint64_t term = 0;  // 0: it tells none.
  std::variant<std::monostate, ClusterVote, ClusterLeader, ClusterEntry, ClusterCommit, ClusterNote> event = {};
};

// The first digits of a server, cluster or entry, as Open vSwitch tells them.
std::string short_id(const Uuid& id);

// Errors: "syntax error".
Result<ClusterHeader> cluster_header_from_json(const json::value& value);
Result<ClusterRecord> cluster_record_from_json(const json::value& value);

}  // namespace weft::ovsdb
