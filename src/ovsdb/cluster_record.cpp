#include "ovsdb/cluster_record.hpp"

#include <fmt/format.h>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"

namespace weft::ovsdb {
namespace {

// ovsdb(5): numbers beyond 2**63 are written as negative ones.
Result<std::uint64_t> optional_number(MemberReader& members, std::string_view name) {
  return static_cast<std::uint64_t>(TRY(members.optional_integer(name, 0)));
}

Result<std::uint64_t> required_number(MemberReader& members, std::string_view name) {
  TRY(members.required(name));
  return optional_number(members, name);
}

Result<Uuid> required_uuid(MemberReader& members, std::string_view name) {
  const auto uuid = Uuid::parse(TRY(members.required_string(name)));
  if (!uuid) return members.refuse(fmt::format("{} is not a valid UUID", name));
  return *uuid;
}

Result<ClusterServers> required_servers(MemberReader& members, std::string_view name) {
  ClusterServers servers;
  for (const auto& [id, address] : *TRY(members.required_object(name))) {
    const auto uuid = Uuid::parse(id);
    if (!uuid || !address.is_string())
      return members.refuse(fmt::format("{} must map UUIDs of servers to addresses", name));
    servers.emplace(*uuid, std::string(address.get_string()));
  }
  if (servers.empty()) return members.refuse(fmt::format("{} must have at least one server", name));
  return servers;
}

Result<ClusterData> required_data(MemberReader& members, std::string_view name) {
  const auto& array = *TRY(members.required_array(name));
  const auto is_part = [](const json::value& value) { return value.is_null() || value.is_object(); };
  if (array.size() != 2 || !is_part(array[0]) || !is_part(array[1]))
    return members.refuse(fmt::format("{} must be a schema, or null, and a transaction, or null", name));
  return ClusterData{array[0], array[1]};
}

Result<ClusterSnapshot> snapshot_in(MemberReader& members) {
  ClusterSnapshot snapshot;
  snapshot.term = TRY(required_number(members, "prev_term"));
  snapshot.index = TRY(required_number(members, "prev_index"));
  snapshot.servers = TRY(required_servers(members, "prev_servers"));
  TRY(optional_number(members, "prev_election_timer"));
  snapshot.entry_id = TRY(required_uuid(members, "prev_eid"));
  snapshot.data = TRY(required_data(members, "prev_data"));
  return snapshot;
}

Result<std::vector<std::string>> addresses_in(MemberReader& members, const json::array& values) {
  std::vector<std::string> addresses;
  for (const auto& value : values) {
    if (!value.is_string()) return members.wrong_type("remote_addresses");
    addresses.emplace_back(value.get_string());
  }
  return addresses;
}

Result<ClusterEntry> entry_in(MemberReader& members) {
  ClusterEntry entry;
  entry.index = TRY(required_number(members, "index"));
  if (members.optional("servers")) entry.servers = TRY(required_servers(members, "servers"));
  if (members.optional("election_timer")) entry.election_timer_ms = TRY(required_number(members, "election_timer"));
  if (!members.optional("data")) return entry;
  entry.data = TRY(required_data(members, "data"));
  entry.id = TRY(required_uuid(members, "eid"));
  return entry;
}

Result<> read_event(MemberReader& members, ClusterRecord& record) {
  if (members.optional("note")) {
    record.event = ClusterNote{std::string(TRY(members.required_string("note")))};
    return {};
  }
  if (const auto index = TRY(optional_number(members, "commit_index"))) {
    record.event = ClusterCommit{index};
    return {};
  }
  record.term = TRY(required_number(members, "term"));
  if (members.optional("leader")) {
    record.event = ClusterLeader{TRY(required_uuid(members, "leader"))};
  } else if (members.optional("vote")) {
    record.event = ClusterVote{TRY(required_uuid(members, "vote"))};
  } else if (members.optional("index")) {
    record.event = TRY(entry_in(members));
  }
  return {};
}

}  // namespace

std::string short_id(const Uuid& id) { return id.to_string().substr(0, 4); }

Result<ClusterHeader> cluster_header_from_json(const json::value& value) {
  auto members = TRY(MemberReader::open(value, "raft header"));
  ClusterHeader header;
  header.member.name = TRY(members.required_string("name"));
  header.member.local_address = TRY(members.required_string("local_address"));
  header.member.server_id = TRY(required_uuid(members, "server_id"));
  const auto* remotes = TRY(members.optional_array("remote_addresses"));
  if (remotes) header.remotes = TRY(addresses_in(members, *remotes));
  if (!remotes) header.snapshot = TRY(snapshot_in(members));
  if (!remotes || members.optional("cluster_id")) header.member.cluster_id = TRY(required_uuid(members, "cluster_id"));
  TRY(members.finish());
  return header;
}

Result<ClusterRecord> cluster_record_from_json(const json::value& value) {
  auto members = TRY(MemberReader::open(value, "raft log record"));
  ClusterRecord record;
  record.comment = TRY(members.optional_string("comment"));
  TRY(read_event(members, record));
  TRY(members.finish());
  return record;
}

}  // namespace weft::ovsdb
