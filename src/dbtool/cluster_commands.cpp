// Commands about clustered databases, which Open vSwitch's ovsdb-server serves.
#include <fcntl.h>
#include <fmt/format.h>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"
#include "ovsdb/cluster_check.hpp"
#include "ovsdb/cluster_file.hpp"
#include "ovsdb/database_offline.hpp"
#include "ovsdb/identifier.hpp"
#include "ovsdb/log_reader.hpp"

namespace weft::dbtool {
namespace {

using ovsdb::ClusterMember;

const LogModule log("ovsdb");

bool is_database(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  return fd && ovsdb::read_first_header(fd.get());
}

Result<ClusterMember> member_of(const std::string& path) {
  if (!TRY(ovsdb::is_clustered_database(path))) return fail("not supported", path + ": not a clustered database");
  return ovsdb::read_cluster_member(path);
}

// Of `contents`, a file.
void warn_of_ephemeral_columns(const std::string& contents, const ovsdb::DatabaseSchema& schema) {
  std::size_t count = 0;
  std::string example;
  for (const auto& table : schema.tables) {
    for (const auto& column : std::span(table.columns).subspan(ovsdb::first_own_column)) {
      if (column.ephemeral && count++ == 0) example = fmt::format("'{}' column in '{}' table", column.name, table.name);
    }
  }
  if (count == 0) return;
  log.warning(
      "{}: changed {} columns in '{}' database from ephemeral to persistent, including {}, because clusters do not "
      "support ephemeral columns",
      contents, count, schema.name, example);
}

Result<int> print(const Invocation& line, std::string_view fact) {
  fmt::print(line.out, "{}\n", fact);
  return exit_success;
}

Result<ovsdb::ClusterLog> whole_log(const std::string& path) {
  TRY(member_of(path));
  ovsdb::ClusterLog whole{path, {}, {}};
  const auto take_header = [&](const ovsdb::ClusterHeader& header) -> Result<> {
    whole.header = header;
    return {};
  };
  const auto take_record = [&](const ovsdb::ClusterRecord& record) -> Result<> {
    whole.records.push_back(record);
    return {};
  };
  const auto extent = TRY(ovsdb::read_cluster_file(path, {take_header, take_record}));
  TRY(ovsdb::refuse_torn(extent, path));
  return whole;
}

}  // namespace

Result<int> create_cluster(const Invocation& line) {
  const auto& contents = line.arguments[1];
  std::unique_ptr<ovsdb::Database> database;
  std::string comment;
  if (is_database(contents)) {
    const auto source = TRY(standalone_argument(line, 1));
    database = TRY(ovsdb::read_database(source));
    comment = "created from " + contents;
  } else {
    database = std::make_unique<ovsdb::Database>(TRY(schema_argument(line, 1)), nullptr);
  }
  TRY(ovsdb::create_cluster(line.arguments[0], *database,
                            {comment, line.arguments[2], line.options.election_timer_ms}));
  warn_of_ephemeral_columns(contents, database->schema());
  return exit_success;
}

Result<int> join_cluster(const Invocation& line) {
  ClusterMember member{line.arguments[1], line.arguments[2], Uuid::random(), std::nullopt};
  if (!ovsdb::is_identifier(member.name))
    return fail(
        "usage",
        fmt::format("{}: not a valid schema name (use \"schema-name\" command to find the correct name)", member.name));
  if (const auto& cid = line.options.cluster_id) {
    member.cluster_id = Uuid::parse(*cid);
    if (!member.cluster_id || member.cluster_id->is_zero()) return fail("usage", *cid + ": not a valid UUID");
  }
  TRY(ovsdb::join_cluster(line.arguments[0], member, line.arguments.subspan(3)));
  return exit_success;
}

Result<int> db_cid(const Invocation& line) {
  const auto member = TRY(member_of(line.arguments[0]));
  if (member.cluster_id) return print(line, member.cluster_id->to_string());
  fmt::print(stderr, "{}: cluster ID not yet known\n", line.arguments[0]);
  return exit_no;
}

Result<int> db_sid(const Invocation& line) {
  return print(line, TRY(member_of(line.arguments[0])).server_id.to_string());
}

Result<int> db_local_address(const Invocation& line) {
  return print(line, TRY(member_of(line.arguments[0])).local_address);
}

Result<int> cluster_to_standalone(const Invocation& line) {
  const auto& source = line.arguments[1];
  if (!TRY(ovsdb::is_clustered_database(source)))
    return fail("not supported", fmt::format("Database is not clustered {}.\n", source));
  TRY(ovsdb::cluster_to_standalone(line.arguments[0], source));
  return exit_success;
}

Result<int> check_cluster(const Invocation& line) {
  std::vector<ovsdb::ClusterLog> logs;
  for (const auto& path : line.arguments) logs.push_back(TRY(whole_log(path)));
  std::vector<std::string> remarks;
  const auto verdict = ovsdb::check_cluster(logs, remarks);
  for (const auto& remark : remarks) TRY(print(line, remark));
  if (!verdict) return std::unexpected(verdict.error());
  return exit_success;
}

}  // namespace weft::dbtool
