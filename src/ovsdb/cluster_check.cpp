#include "ovsdb/cluster_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::ovsdb {
namespace {

using Histories = std::span<const ClusterHistory>;

template <class... Args>
std::unexpected<Error> inconsistent(fmt::format_string<Args...> format, Args&&... args) {
  return fail("inconsistent", fmt::format(format, std::forward<Args>(args)...));
}

// They are of one cluster, and of different servers.
Result<> check_members(std::span<const ClusterLog* const> logs) {
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const auto& member = logs[i]->header.member;
    const auto& first = logs.front()->header.member;
    if (member.name != first.name)
      return inconsistent("{} is named \"{}\" but {} is named \"{}\"", logs.front()->path, first.name, logs[i]->path,
                          member.name);
    if (member.cluster_id != first.cluster_id)
      return inconsistent("{} has cluster ID {} but {} has cluster ID {}", logs.front()->path,
                          first.cluster_id->to_string(), logs[i]->path, member.cluster_id->to_string());
    for (const auto* other : logs.first(i))
      if (other->header.member.server_id == member.server_id)
        return inconsistent("{} and {} are both of server {}", other->path, logs[i]->path,
                            member.server_id.to_string());
  }
  return {};
}

// Raft, figure 3: election safety.
Result<> check_leaders(Histories histories, const NameServer& name) {
  std::map<std::uint64_t, const ClusterHistory*> first_tellers;
  for (const auto& history : histories) {
    for (const auto& [term, leader] : history.leaders()) {
      const auto& teller = *first_tellers.emplace(term, &history).first->second;
      if (const auto& other = teller.leaders().at(term); other != leader)
        return inconsistent("term {} has two leaders: {} says it is {}, and {} says it is {}", term, teller.path(),
                            name(other), history.path(), name(leader));
    }
  }
  return {};
}

// Raft, figure 3: log matching. Logs with an entry of the same index and term are the same up to there.
Result<> check_matching(const ClusterHistory& one, const ClusterHistory& other) {
  bool is_shared = false;
  const auto end = std::min(one.last_index(), other.last_index()) + 1;
  for (auto index = end; index-- > std::max(one.first_index(), other.first_index());) {
    const auto& mine = *one.find(index);
    const auto& others = *other.find(index);
    is_shared = is_shared || mine.term == others.term;
    if (is_shared && mine != others)
      return inconsistent("log entries with index {} differ between {} (term {}) and {} (term {})", index, one.path(),
                          mine.term, other.path(), others.term);
  }
  return {};
}

// Raft, figure 3: state machine safety. What both know to be committed is the same.
Result<> check_committed(const ClusterHistory& one, const ClusterHistory& other) {
  const auto end = std::min(one.commit_index(), other.commit_index());
  for (auto index = std::max(one.first_index(), other.first_index()); index <= end; ++index)
    if (one.find(index)->term != other.find(index)->term)
      return inconsistent("{} and {} have committed different entries with index {}", one.path(), other.path(), index);
  return {};
}

// Raft, figure 3: leader completeness. A leader has all that was committed in the terms before its own.
Result<> check_completeness(const ClusterHistory& leader, const ClusterHistory& other) {
  for (const auto& [term, last_index] : leader.reigns())
    for (const auto& commit : other.commits())
      if (commit.term < term && commit.index > last_index)
        return inconsistent(
            "leader {} of term {} has log entries only up to index {}, but index {} was committed in a previous term, "
            "as "
            "{} tells",
            leader.path(), term, last_index, commit.index, other.path());
  return {};
}

Result<> check_against_each_other(Histories histories) {
  for (const auto& one : histories) {
    for (const auto& other : histories) {
      if (&one == &other) continue;
      TRY(check_completeness(one, other));
      if (&one > &other) continue;
      TRY(check_matching(one, other));
      TRY(check_committed(one, other));
    }
  }
  return {};
}

}  // namespace

Result<> check_cluster(std::span<const ClusterLog> logs, std::vector<std::string>& remarks) {
  std::vector<const ClusterLog*> joined;
  for (const auto& log : logs) {
    if (log.header.snapshot) {
      joined.push_back(&log);
    } else {
      remarks.push_back(log.path + " has not joined the cluster, omitting");
    }
  }
  TRY(check_members(joined));
  const NameServer name = [&](const Uuid& server) {
    const auto found =
        std::ranges::find(joined, server, [](const ClusterLog* log) { return log->header.member.server_id; });
    return found == joined.end() ? short_id(server) : (*found)->path;
  };
  std::vector<ClusterHistory> histories;
  for (const auto* log : joined) {
    auto& history = histories.emplace_back(log->path, log->header);
    Result<> added;
    for (auto record = log->records.begin(); added && record != log->records.end(); ++record)
      added = history.add(*record, name);
    remarks.insert(remarks.end(), history.remarks().begin(), history.remarks().end());
    TRY(std::move(added));
  }
  if (std::ranges::all_of(histories, [](const auto& history) { return history.last_term() == 0; }))
    return inconsistent("all logs are empty");
  TRY(check_leaders(histories, name));
  for (const auto& history : histories)
    if (!history.is_among_servers())
      return inconsistent("{}: server {} not found in server list", history.path(),
                          short_id(history.member().server_id));
  return check_against_each_other(histories);
}

}  // namespace weft::ovsdb
