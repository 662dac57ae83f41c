#include "ovsdb/cluster_check.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace weft::ovsdb {
namespace {

// Server 1, 2, ...
std::string id(int server) { return fmt::format("{}0000000-1111-4111-8111-111111111111", server); }

json::value header(int server, std::string_view name = "T") {
  json::object servers;
  for (int i = 1; i <= 3; ++i) servers[id(i)] = fmt::format("tcp:10.0.0.{}:6640", i);
  return json::object{{"name", name},
                      {"local_address", "tcp:10.0.0.1:6640"},
                      {"server_id", id(server)},
                      {"cluster_id", id(9)},
                      {"prev_term", 1},
                      {"prev_index", 1},
                      {"prev_servers", servers},
                      {"prev_eid", id(8)},
                      {"prev_data", json::array{json::object{{"name", "T"}}, json::object{}}}};
}

// Words: "term 2", "vote 2 1", "leader 2 1", "entry 2 5" or "entry 2 5 7" (term, index, data), "commit 5", "left".
json::value record(std::string_view words) {
  std::istringstream stream{std::string(words)};
  std::string kind;
  int term = 0, number = 0, data = 0;
  stream >> kind >> term >> number >> data;
  if (kind == "left") return json::object{{"note", "left"}};
  if (kind == "commit") return json::object{{"commit_index", term}};
  json::object object{{"term", term}};
  if (kind == "vote" || kind == "leader") object[kind] = id(number);
  if (kind == "entry") {
    object["index"] = number;
    object["eid"] = id(number);
    object["data"] = json::array{nullptr, json::object{{"x", data}}};
  }
  return object;
}

ClusterLog log(int server, std::initializer_list<std::string_view> records) {
  ClusterLog log{fmt::format("f{}", server), *cluster_header_from_json(header(server)), {}};
  for (const auto words : records) log.records.push_back(*cluster_record_from_json(record(words)));
  return log;
}

// The remarks, and then what is wrong.
std::string check(std::vector<ClusterLog> logs) {
  std::vector<std::string> remarks;
  const auto verdict = check_cluster(logs, remarks);
  if (!verdict) remarks.push_back(verdict.error().details);
  return fmt::format("{}", fmt::join(remarks, "; "));
}

TEST(ClusterCheck, finds_nothing_in_a_cluster_that_works) {
  EXPECT_EQ(check({log(1, {"vote 2 1", "leader 2 1", "entry 2 2", "entry 2 3", "commit 3"}),
                   log(2, {"vote 2 1", "leader 2 1", "entry 2 2", "commit 2"}),
                   log(3, {"term 2", "leader 2 1", "entry 2 2", "entry 2 3"})}),
            "");
}

TEST(ClusterCheck, tells_what_is_unusual_only) {
  EXPECT_EQ(check({log(1, {"entry 1 2", "entry 1 3", "entry 2 2"})}), "f1: record 3 truncates log from 4 to 2 entries");
  EXPECT_EQ(check({log(1, {"term 2", "left"})}), "f1: record 2 shows that the server left the cluster");
}

TEST(ClusterCheck, refuses_files_of_different_clusters_or_of_one_server) {
  auto other = log(2, {"term 2"});
  other.header.member.name = "U";
  EXPECT_EQ(check({log(1, {"term 2"}), other}), "f1 is named \"T\" but f2 is named \"U\"");
  other = log(2, {"term 2"});
  other.header.member.cluster_id = Uuid::parse(id(7));
  EXPECT_EQ(check({log(1, {"term 2"}), other}),
            fmt::format("f1 has cluster ID {} but f2 has cluster ID {}", id(9), id(7)));
  EXPECT_EQ(check({log(1, {"term 2"}), log(1, {"term 2"})}), fmt::format("f1 and f1 are both of server {}", id(1)));
  EXPECT_EQ(check({log(1, {}), log(2, {})}), "all logs are empty");
  EXPECT_EQ(check({log(5, {"term 2"})}), "f5: server 5000 not found in server list");
}

TEST(ClusterCheck, refuses_what_a_member_alone_may_not_do) {
  EXPECT_EQ(check({log(1, {"vote 2 1", "vote 2 3"})}),
            "f1: record 2 votes for 3000 in term 2, in which the member voted for f1 before");
  EXPECT_EQ(check({log(1, {"term 3", "vote 2 1"})}), "f1: record 2 votes in term 2 although the current term is 3");
  EXPECT_EQ(check({log(1, {"entry 1 3"})}), "f1: record 1 has index 3 although 2 comes next");
  EXPECT_EQ(check({log(1, {"entry 1 1"})}), "f1: record 1 has index 1, before the log's first, 2");
  EXPECT_EQ(check({log(1, {"entry 3 2", "entry 2 3"})}), "f1: record 2 has an entry of term 2 behind one of term 3");
  EXPECT_EQ(check({log(1, {"leader 2 1", "entry 2 2", "entry 2 2"})}),
            "f1: record 3 drops entries 2 to 2 although the member leads term 2");
  EXPECT_EQ(check({log(1, {"entry 1 2", "commit 3"})}), "f1: record 2 has commit index 3 although the log ends with 2");
  EXPECT_EQ(check({log(1, {"entry 1 2", "entry 1 3", "commit 3", "commit 2"})}),
            "f1: record 4 takes the commit index back from 3 to 2");
}

TEST(ClusterCheck, refuses_two_leaders_of_a_term) {
  EXPECT_EQ(check({log(1, {"leader 2 1"}), log(2, {"leader 2 2"})}),
            "term 2 has two leaders: f1 says it is f1, and f2 says it is f2");
  EXPECT_EQ(check({log(1, {"leader 2 1", "leader 2 3"})}),
            "f1: record 2 tells of leader 3000 in term 2, which an earlier record says f1 leads");
}

TEST(ClusterCheck, refuses_logs_that_do_not_match) {
  EXPECT_EQ(check({log(1, {"entry 1 2 7"}), log(2, {"entry 1 2 8"})}),
            "log entries with index 2 differ between f1 (term 1) and f2 (term 1)");
  EXPECT_EQ(check({log(1, {"entry 1 2", "entry 3 3"}), log(2, {"entry 2 2", "entry 3 3"})}),
            "log entries with index 2 differ between f1 (term 1) and f2 (term 2)");
  EXPECT_EQ(check({log(1, {"entry 1 2"}), log(2, {"entry 2 2"})}), "") << "none of both needs to be committed";
  EXPECT_EQ(check({log(1, {"entry 1 2", "commit 2"}), log(2, {"entry 2 2", "commit 2"})}),
            "f1 and f2 have committed different entries with index 2");
}

TEST(ClusterCheck, refuses_a_leader_without_all_that_was_committed_before) {
  EXPECT_EQ(
      check({log(1, {"entry 1 2", "commit 2"}), log(2, {"leader 2 2"})}),
      "leader f2 of term 2 has log entries only up to index 1, but index 2 was committed in a previous term, as f1 "
      "tells");
  EXPECT_EQ(check({log(1, {"entry 2 2", "commit 2"}), log(2, {"leader 2 2"})}), "") << "it may come later in its term";
}

TEST(ClusterRecord, is_refused_with_a_member_too_many_or_too_few) {
  EXPECT_FALSE(cluster_record_from_json(json::object{}));
  EXPECT_FALSE(cluster_record_from_json(json::object{{"term", 2}, {"color", 3}}));
  EXPECT_FALSE(cluster_record_from_json(json::object{{"term", 2}, {"index", 3}, {"eid", id(1)}})) << "no data";
  EXPECT_FALSE(cluster_record_from_json(json::object{{"term", 2}, {"vote", id(1)}, {"leader", id(1)}}));
  EXPECT_FALSE(cluster_record_from_json(json::object{{"term", 2}, {"vote", "me"}}));
  EXPECT_FALSE(cluster_record_from_json(json::object{{"term", 2}, {"index", 3}, {"servers", json::object{}}}));
  auto value = header(1);
  EXPECT_TRUE(cluster_header_from_json(value));
  value.get_object().erase("prev_term");
  EXPECT_FALSE(cluster_header_from_json(value));
}

TEST(ClusterRecord, may_be_of_a_member_that_has_not_joined) {
  const auto read = cluster_header_from_json(json::object{{"name", "T"},
                                                          {"local_address", "tcp:10.0.0.1:6640"},
                                                          {"server_id", id(1)},
                                                          {"remote_addresses", json::array{"tcp:10.0.0.2:6640"}}});
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->snapshot);
  EXPECT_FALSE(read->member.cluster_id);
  std::vector<std::string> remarks;
  EXPECT_FALSE(check_cluster(std::vector{ClusterLog{"f", *read, {}}}, remarks)) << "nothing is left to check";
  EXPECT_EQ(remarks, std::vector<std::string>{"f has not joined the cluster, omitting"});
}

}  // namespace
}  // namespace weft::ovsdb
