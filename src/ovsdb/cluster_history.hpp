// What one member's file tells of its cluster, walked record by record and checked in itself against what the Raft
// algorithm promises ("In Search of an Understandable Consensus Algorithm", figure 3). Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ovsdb/cluster_record.hpp"

namespace weft::ovsdb {

// How a server is called in messages.
using NameServer = std::function<std::string(const Uuid& server)>;

class ClusterHistory {
 public:
  // The entry before the first is the snapshot that the log begins with.
  struct Entry {
    std::uint64_t term = 0;
    ClusterEntry content = {};
    bool operator==(const Entry&) const = default;
  };
  struct Commit {
    std::uint64_t term = 0;  // The member's current one when it learned of it.
    std::uint64_t index = 0;
  };

  // `path` names the file in messages. `header` must have a snapshot.
  ClusterHistory(std::string path, const ClusterHeader& header);

  // Errors: "inconsistent".
  Result<> add(const ClusterRecord& record, const NameServer& name);

  const std::string& path() const { return path_; }
  const ClusterMember& member() const { return member_; }
  const std::vector<std::string>& remarks() const { return remarks_; }       // Unusual, and no error.
  std::uint64_t last_term() const { return last_term_; }                     // That a record tells; 0: none.
  const std::map<std::uint64_t, Uuid>& leaders() const { return leaders_; }  // By term.
  // By the terms that this member led: the last index of its log when that began.
  const std::map<std::uint64_t, std::uint64_t>& reigns() const { return reigns_; }
  const std::vector<Commit>& commits() const { return commits_; }
  std::uint64_t commit_index() const { return commit_index_; }  // 0: it is not told.
  // Null: the log does not hold it.
  const Entry* find(std::uint64_t index) const;
  std::uint64_t first_index() const { return snapshot_index_ + 1; }
  std::uint64_t last_index() const { return snapshot_index_ + entries_.size(); }
  // Some configuration of the cluster in this file has the member.
  bool is_among_servers() const { return is_among_servers_; }

 private:
  Result<> add_event(const ClusterVote& vote, const NameServer& name);
  Result<> add_event(const ClusterLeader& leader, const NameServer& name);
  Result<> add_event(const ClusterEntry& entry, const NameServer& name);
  Result<> add_event(const ClusterCommit& commit, const NameServer& name);
  Result<> add_event(const ClusterNote& note, const NameServer& name);
  Result<> add_event(std::monostate, const NameServer& name);
  Result<> truncate(std::uint64_t index);
  void look_for_member(const ClusterServers& servers);
  std::unexpected<Error> refuse(std::string_view what) const;  // "record 3 " and what is wrong with it.

  std::string path_;
  ClusterMember member_;
  std::uint64_t snapshot_index_;
  std::uint64_t snapshot_term_;
  std::uint64_t number_ = 0;  // Of the record.
  std::uint64_t term_;        // Of the record, or of the last one that told one.
  std::uint64_t current_term_;
  std::uint64_t last_term_ = 0;
  std::uint64_t commit_index_ = 0;
  bool is_among_servers_ = false;
  std::vector<Entry> entries_;
  std::map<std::uint64_t, Uuid> votes_;
  std::map<std::uint64_t, Uuid> leaders_;
  std::map<std::uint64_t, std::uint64_t> reigns_;
  std::vector<Commit> commits_;
  std::vector<std::string> remarks_;
};

}  // namespace weft::ovsdb
