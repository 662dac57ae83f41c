#include "ovsdb/cluster_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ovsdb/database_lock.hpp"
#include "ovsdb/file_record.hpp"
#include "ovsdb/whole_file.hpp"
#include "stream/method.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::int64_t first_term = 1;
constexpr std::int64_t first_index = 1;
constexpr std::string_view unix_kind = "unix:";
constexpr std::string_view tcp_kinds[] = {"tcp:", "ssl:"};

// Of one with host. Members have no default port: it is OVSDB's.
bool has_port(std::string_view address) {
  const auto host = address.substr(address.find(':') + 1);
  return host.substr(host.rfind(']') + 1).find(':') != std::string_view::npos;
}

Result<> check_address(const std::string& address) {
  if (address.starts_with(unix_kind)) return {};  // For tests, in Open vSwitch, too.
  if (std::ranges::none_of(tcp_kinds, [&](std::string_view kind) { return address.starts_with(kind); }))
    return fail("usage", fmt::format("ovsdb error: {}: expected \"tcp\" or \"ssl\" address", address));
  const auto method = stream::parse_method(address);
  if (!method || !has_port(address))
    return fail("usage", fmt::format("ovsdb error: {}: syntax error in address", address));
  return {};
}

// A file that does not exist yet.
Result<> make_file(const std::string& path, std::span<const std::string> records, std::string_view magic) {
  const auto resolved = TRY(resolve_path(path));
  const auto lock = TRY(DatabaseLock::take(resolved, path));
  if (::access(resolved.c_str(), F_OK) == 0)
    return fail("already exists", fmt::format("{}: create failed ({})", path, std::strerror(EEXIST)));
  TRY(write_whole_file(resolved, records, magic));
  return {};
}

json::object header_of(const ClusterMember& member) {
  json::object header{
      {"name", member.name}, {"local_address", member.local_address}, {"server_id", member.server_id.to_string()}};
  if (member.cluster_id) header["cluster_id"] = member.cluster_id->to_string();
  return header;
}

Result<> make_member(const std::string& path, const ClusterMember& member, std::span<const json::object> records) {
  TRY(check_address(member.local_address));
  std::vector<std::string> texts;
  for (const auto& record : records) texts.push_back(to_text(record));
  return make_file(path, texts, cluster_magic);
}

Result<UniqueFd> open_to_read(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail("I/O error", fmt::format("{}: open failed ({})", path, std::strerror(errno)));
  return fd;
}

std::unexpected<Error> about(const std::string& path, const Error& error) {
  return fail(error.tag, fmt::format("{}: {}", path, error.details));
}

// Clusters keep all columns.
DatabaseSchema without_ephemeral_columns(DatabaseSchema schema) {
  for (auto& table : schema.tables)
    for (auto& column : std::span(table.columns).subspan(first_own_column)) column.ephemeral = false;
  return schema;
}

// What an entry's data mean for a standalone file. A schema comes with all rows.
void append_data(const ClusterData& data, std::vector<std::string>& records) {
  if (!data.schema.is_null()) records = {to_text(data.schema)};
  const auto* transaction = data.transaction.if_object();
  if (transaction && !transaction->empty()) records.push_back(to_text(*transaction));
}

}  // namespace

Result<> create_cluster(const std::string& path, const Database& contents, const NewCluster& cluster) {
  const ClusterMember member{contents.schema().name, cluster.local_address, Uuid::random(), Uuid::random()};
  auto header = header_of(member);
  header["prev_term"] = first_term;
  header["prev_index"] = first_index;
  header["prev_eid"] = Uuid::random().to_string();
  header["prev_servers"] = json::object{{member.server_id.to_string(), cluster.local_address}};
  const auto rows = snapshot_of(contents, cluster.comment, unix_time_ms());
  header["prev_data"] =
      json::array{without_ephemeral_columns(contents.schema()).to_json(), rows.value_or(json::object())};
  std::vector<json::object> records{std::move(header)};
  if (cluster.election_timer_ms)
    records.push_back(
        {{"term", first_term}, {"index", first_index + 1}, {"election_timer", *cluster.election_timer_ms}});
  return make_member(path, member, records);
}

Result<> join_cluster(const std::string& path, const ClusterMember& member, std::span<const std::string> remotes) {
  auto header = header_of(member);
  json::array addresses;
  for (const auto& remote : remotes) {
    TRY(check_address(remote));
    if (remote == member.local_address)
      return fail("usage", "ovsdb error: remote addresses cannot be the same as the local address");
    addresses.push_back(json::value(remote));
  }
  header["remote_addresses"] = std::move(addresses);
  return make_member(path, member, {&header, 1});
}

Result<ClusterMember> read_cluster_member(const std::string& path) {
  const auto fd = TRY(open_to_read(path));
  const auto record = read_first_record(fd.get(), cluster_magic);
  if (!record) return about(path, record.error());
  auto header = cluster_header_from_json(*record);
  if (!header) return about(path, header.error());
  return std::move(header->member);
}

Result<LogExtent> read_cluster_file(const std::string& path, const ClusterVisitor& visitor) {
  const auto fd = TRY(open_to_read(path));
  bool is_first = true;
  const auto visit = [&](const LogRecord& record) -> Result<> {
    if (!std::exchange(is_first, false)) return visitor.others(TRY(cluster_record_from_json(record.value)));
    return visitor.first(TRY(cluster_header_from_json(record.value)));
  };
  auto extent = read_log(fd.get(), visit, Rejected::is_an_error, cluster_magic);
  if (!extent) return about(path, extent.error());
  return extent;
}

Result<> cluster_to_standalone(const std::string& target, const std::string& source) {
  std::vector<std::string> records;
  const auto read_first = [&](const ClusterHeader& header) -> Result<> {
    if (header.snapshot) append_data(header.snapshot->data, records);
    return {};
  };
  const auto read_other = [&](const ClusterRecord& record) -> Result<> {
    if (const auto* entry = std::get_if<ClusterEntry>(&record.event)) append_data(entry->data, records);
    return {};
  };
  TRY(read_cluster_file(source, {read_first, read_other}));
  if (records.empty())
    return fail("not a database", fmt::format("{}: it has not joined its cluster yet, and holds no data", source));
  return make_file(target, records, standalone_magic);
}

}  // namespace weft::ovsdb
