#include "ovsdb/cluster_history.hpp"

#include <fmt/format.h>

namespace weft::ovsdb {
namespace {

constexpr std::string_view note_left = "left";

}  // namespace

ClusterHistory::ClusterHistory(std::string path, const ClusterHeader& header)
    : path_(std::move(path)),
      member_(header.member),
      snapshot_index_(header.snapshot->index),
      snapshot_term_(header.snapshot->term),
      term_(header.snapshot->term),
      current_term_(term_) {
  look_for_member(header.snapshot->servers);
}

std::unexpected<Error> ClusterHistory::refuse(std::string_view what) const {
  return fail("inconsistent", fmt::format("{}: record {} {}", path_, number_, what));
}

void ClusterHistory::look_for_member(const ClusterServers& servers) {
  is_among_servers_ = is_among_servers_ || servers.contains(member_.server_id);
}

const ClusterHistory::Entry* ClusterHistory::find(std::uint64_t index) const {
  if (index < first_index() || index > last_index()) return nullptr;
  return &entries_[index - first_index()];
}

Result<> ClusterHistory::add(const ClusterRecord& record, const NameServer& name) {
  ++number_;
  if (std::holds_alternative<ClusterVote>(record.event) && record.term < current_term_)
    return refuse(fmt::format("votes in term {} although the current term is {}", record.term, current_term_));
  if (record.term != 0) term_ = record.term;
  current_term_ = std::max(current_term_, term_);
  last_term_ = std::max(last_term_, record.term);
  return std::visit([&](const auto& event) { return add_event(event, name); }, record.event);
}

Result<> ClusterHistory::add_event(std::monostate, const NameServer&) { return {}; }

Result<> ClusterHistory::add_event(const ClusterVote& vote, const NameServer& name) {
  const auto [known, is_new] = votes_.emplace(term_, vote.server);
  if (is_new || known->second == vote.server) return {};
  return refuse(fmt::format("votes for {} in term {}, in which the member voted for {} before", name(vote.server),
                            term_, name(known->second)));
}

Result<> ClusterHistory::add_event(const ClusterLeader& leader, const NameServer& name) {
  const auto [known, is_new] = leaders_.emplace(term_, leader.server);
  if (!is_new && known->second != leader.server)
    return refuse(fmt::format("tells of leader {} in term {}, which an earlier record says {} leads",
                              name(leader.server), term_, name(known->second)));
  if (leader.server == member_.server_id) reigns_.emplace(term_, last_index());
  return {};
}

// Figure 3, "leader append-only". Others drop what no majority had.
Result<> ClusterHistory::truncate(std::uint64_t index) {
  if (index < first_index())
    return refuse(fmt::format("has index {}, before the log's first, {}", index, first_index()));
  if (reigns_.contains(term_))
    return refuse(fmt::format("drops entries {} to {} although the member leads term {}", index, last_index(), term_));
  remarks_.push_back(
      fmt::format("{}: record {} truncates log from {} to {} entries", path_, number_, last_index() + 1, index));
  entries_.resize(index - first_index());
  return {};
}

Result<> ClusterHistory::add_event(const ClusterEntry& entry, const NameServer&) {
  if (entry.index > last_index() + 1)
    return refuse(fmt::format("has index {} although {} comes next", entry.index, last_index() + 1));
  if (entry.index <= last_index()) TRY(truncate(entry.index));
  const auto before = entries_.empty() ? snapshot_term_ : entries_.back().term;
  if (term_ < before) return refuse(fmt::format("has an entry of term {} behind one of term {}", term_, before));
  if (entry.servers) look_for_member(*entry.servers);
  entries_.push_back({term_, entry});
  return {};
}

Result<> ClusterHistory::add_event(const ClusterCommit& commit, const NameServer&) {
  if (commit.index < commit_index_)
    return refuse(fmt::format("takes the commit index back from {} to {}", commit_index_, commit.index));
  if (commit.index > last_index())
    return refuse(fmt::format("has commit index {} although the log ends with {}", commit.index, last_index()));
  commit_index_ = commit.index;
  commits_.push_back({current_term_, commit.index});
  return {};
}

Result<> ClusterHistory::add_event(const ClusterNote& note, const NameServer&) {
  if (note.text == note_left)
    remarks_.push_back(fmt::format("{}: record {} shows that the server left the cluster", path_, number_));
  return {};
}

}  // namespace weft::ovsdb
