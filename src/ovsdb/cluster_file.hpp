// Files of Open vSwitch's clustered databases (ovsdb(5) "Clustered Format"). Nobody here serves them: they are made for
// a cluster to start from, read, and turned into standalone ones. All errors name the file.
#pragma once

#include <functional>
#include <span>

#include "ovsdb/cluster_record.hpp"
#include "ovsdb/database.hpp"
#include "ovsdb/log_reader.hpp"

namespace weft::ovsdb {

inline constexpr std::uint64_t min_election_timer_ms = 100;
inline constexpr std::uint64_t max_election_timer_ms = 600'000;

// A new cluster's only member, with the rows of `contents`; `comment` is told with them. Ephemeral columns are kept
// from then on: clusters have no others. Errors: "usage" (the address), "already exists", "locked", "I/O error".
struct NewCluster {
  std::string comment = {};
  std::string local_address = {};
  std::optional<std::uint64_t> election_timer_ms = {};  // Within the bounds above.
};
Result<> create_cluster(const std::string& path, const Database& contents, const NewCluster& cluster);
// A member that is to join a cluster at one of `remotes`. `member.server_id` is its own. Errors: as above.
Result<> join_cluster(const std::string& path, const ClusterMember& member, std::span<const std::string> remotes);

// These take no lock. Errors: "I/O error", "not a database", "corrupt database", "syntax error".
Result<ClusterMember> read_cluster_member(const std::string& path);

struct ClusterVisitor {
  std::function<Result<>(const ClusterHeader& header)> first;
  std::function<Result<>(const ClusterRecord& record)> others;  // In their order.
};
// What the visitor rejects ends it. The result tells of a torn end.
Result<LogExtent> read_cluster_file(const std::string& path, const ClusterVisitor& visitor);

// Writes what the log of the member in `source` holds, committed by the cluster or not. Errors: "already exists" (the
// target), "not a database", "corrupt database", "locked", "I/O error".
Result<> cluster_to_standalone(const std::string& target, const std::string& source);

}  // namespace weft::ovsdb
