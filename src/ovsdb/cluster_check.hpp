// Do the files of a cluster's members fit together? (ovsdb-tool(1) "check-cluster".) Pure.
#pragma once

#include <span>

#include "ovsdb/cluster_history.hpp"

namespace weft::ovsdb {

// A member's file, whole.
struct ClusterLog {
  std::string path;
  ClusterHeader header;
  std::vector<ClusterRecord> records = {};
};

// What is unusual, and no error, is appended to `remarks`. Errors: "inconsistent".
Result<> check_cluster(std::span<const ClusterLog> logs, std::vector<std::string>& remarks);

}  // namespace weft::ovsdb
