// Files of Open vSwitch's clustered databases (ovsdb(5) "Clustered Format"). Nobody here serves them: they are made for
// a cluster to start from, asked whose they are, and turned into standalone ones. All errors name the file.
#pragma once

#include <optional>
#include <span>

#include "ovsdb/database.hpp"

namespace weft::ovsdb {

struct ClusterMember {
  std::string name;  // Of the database.
  std::string local_address;
  Uuid server_id;
  std::optional<Uuid> cluster_id;  // Unknown until the first contact with the cluster.
};

// A new cluster's only member, with the rows of `contents`; `comment` is told with them. Ephemeral columns are kept
// from then on: clusters have no others. Errors: "usage" (the address), "already exists", "locked", "I/O error".
Result<> create_cluster(const std::string& path, const Database& contents, const std::string& comment,
                        const std::string& local_address);
// A member that is to join a cluster at one of `remotes`. `member.server_id` is its own. Errors: as above.
Result<> join_cluster(const std::string& path, const ClusterMember& member, std::span<const std::string> remotes);

// Takes no lock. "not a database".
Result<ClusterMember> read_cluster_member(const std::string& path);

// Writes what the log of the member in `source` holds, committed by the cluster or not. Errors: "already exists" (the
// target), "not a database", "corrupt database", "locked", "I/O error".
Result<> cluster_to_standalone(const std::string& target, const std::string& source);

}  // namespace weft::ovsdb
