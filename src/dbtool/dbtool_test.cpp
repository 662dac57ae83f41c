#include "dbtool/dbtool.hpp"

#include <gtest/gtest.h>

#include "base/uuid.hpp"
#include "dbtool/run_fixture.hpp"

namespace weft::dbtool {
namespace {

class Dbtool : public RunFixture {
 protected:
  void SetUp() override {
    write("schema", schema_text);
    ASSERT_EQ(tool({"create", file("db"), file("schema")}).status, 0);
  }
  std::string transact(const std::string& operations) {
    const auto done = tool({"transact", file("db"), "[\"T\"," + operations + "]"});
    EXPECT_EQ(done.status, 0) << done.error;
    return done.output;
  }
  std::string names(const std::string& database) {
    return tool({"query", file(database), R"(["T",{"op":"select","table":"A","where":[],"columns":["name"]}])"}).output;
  }
};

TEST_F(Dbtool, tells_what_a_database_and_a_schema_say_of_themselves) {
  EXPECT_EQ(tool({"db-name", file("db")}).output, "T\n");
  EXPECT_EQ(tool({"db-version", file("db")}).output, "1.2.3\n");
  EXPECT_EQ(tool({"db-cksum", file("db")}).output, "12 34\n");
  EXPECT_EQ(tool({"schema-name", file("schema")}).output, "T\n");
  EXPECT_EQ(tool({"schema-version", file("schema")}).output, "1.2.3\n");
  EXPECT_EQ(tool({"schema-cksum", file("schema")}).output, "12 34\n");
  EXPECT_EQ(tool({"db-is-standalone", file("db")}).status, 0);
  EXPECT_EQ(tool({"db-is-clustered", file("db")}).status, 2);
}

TEST_F(Dbtool, takes_the_schema_that_is_part_of_it_where_none_is_installed) {
  ::setenv("OVS_PKGDATADIR", directory().c_str(), 1);
  ::setenv("OVS_DBDIR", directory().c_str(), 1);
  EXPECT_EQ(tool({"schema-name"}).output, "Open_vSwitch\n");
  EXPECT_EQ(tool({"create"}).status, 0);
  EXPECT_EQ(tool({"db-name", file("conf.db")}).output, "Open_vSwitch\n");
  EXPECT_EQ(tool({"needs-conversion"}).output, "no\n");
  ::unsetenv("OVS_PKGDATADIR");
  ::unsetenv("OVS_DBDIR");
}

TEST_F(Dbtool, keeps_what_is_transacted_and_nothing_of_what_is_queried) {
  EXPECT_NE(transact(R"({"op":"insert","table":"A","row":{"name":"x"}})").find("\"uuid\""), std::string::npos);
  const auto before = read("db");
  EXPECT_EQ(tool({"query", file("db"), R"(["T",{"op":"delete","table":"A","where":[]}])"}).output, "[{\"count\":1}]\n");
  EXPECT_EQ(read("db"), before);
  EXPECT_EQ(names("db"), "[{\"rows\":[{\"name\":\"x\"}]}]\n");
}

TEST_F(Dbtool, answers_a_mistaken_transaction_with_its_error_and_status_0) {
  for (const auto* params : {R"(["Other"])", R"([])", R"({"T":1})", R"(["T",{"op":"fly"}])",
                             R"(["T",{"op":"wait","table":"A","where":[],"until":"!=","columns":[],"rows":[]}])"}) {
    const auto done = tool({"transact", file("db"), params});
    EXPECT_EQ(done.status, 0) << params;
    EXPECT_NE(done.output.find("\"error\""), std::string::npos) << params << done.output;
  }
  for (const auto* text : {R"(["T")", R"("T")", ""}) EXPECT_EQ(tool({"transact", file("db"), text}).status, 1) << text;
}

TEST_F(Dbtool, compacts_and_converts_in_place_or_to_another_file) {
  transact(R"({"op":"insert","table":"A","row":{"name":"x"}})");
  transact(R"({"op":"update","table":"A","where":[],"row":{"name":"y"}})");
  ASSERT_EQ(tool({"compact", file("db"), file("other")}).status, 0);
  EXPECT_EQ(names("other"), names("db"));
  EXPECT_LT(read("other").size(), read("db").size());
  write("new", R"({"name":"T","version":"2.0.0","tables":{"A":{"columns":{"name":{"type":"string"}}}}})");
  EXPECT_EQ(tool({"needs-conversion", file("db"), file("new")}).output, "yes\n");
  ASSERT_EQ(tool({"convert", file("db"), file("new")}).status, 0);
  EXPECT_EQ(tool({"needs-conversion", file("db"), file("new")}).output, "no\n");
  EXPECT_EQ(tool({"db-version", file("db")}).output, "2.0.0\n");
  EXPECT_EQ(names("db"), names("other"));
}

TEST_F(Dbtool, refuses_bad_files_with_status_1_and_names_them) {
  transact(R"({"op":"insert","table":"A","row":{"name":"x"}})");
  const auto good = read("db");
  write("empty", "");
  write("torn", good.substr(0, good.size() - 2));
  auto damaged = good + good;
  damaged[70] ^= 1;
  write("corrupt", damaged);
  for (const auto* name : {"missing", "empty", "torn", "corrupt", "schema", "."}) {
    const auto before = read(name);
    for (const auto& words : {std::vector<std::string>{"compact", file(name)},
                              {"convert", file(name), file("schema")},
                              {"query", file(name), "[\"T\"]"},
                              {"transact", file(name), "[\"T\"]"},
                              {"show-log", file(name)}}) {
      const auto refused = tool(words);
      EXPECT_EQ(refused.status, 1) << words[0] << " " << name;
      const auto named = name == std::string(".") ? directory() : file(name);
      EXPECT_TRUE(refused.error.starts_with("ovsdb-tool: I/O error: " + named) ||
                  refused.error.starts_with("ovsdb-tool: ovsdb error: " + named))
          << refused.error;
      EXPECT_EQ(read(name), before) << words[0];
    }
  }
  EXPECT_EQ(tool({"create", file("db"), file("schema")}).status, 1) << "over a database";
  EXPECT_EQ(tool({"create", file("fresh"), file("missing")}).status, 1) << "without a schema";
  EXPECT_EQ(read("db"), good);
}

TEST_F(Dbtool, compares_versions_by_number) {
  const auto compare = [&](const std::string& a, const std::string& relation, const std::string& b) {
    return tool({"compare-versions", a, relation, b}).status;
  };
  EXPECT_EQ(compare("1.10.0", ">", "1.9.9"), 0);
  EXPECT_EQ(compare("1.10.0", "<=", "1.9.9"), 2);
  EXPECT_EQ(compare("1.2.3", "==", "1.2.3"), 0);
  EXPECT_EQ(compare("1.2.3", "!=", "1.2.3"), 2);
  EXPECT_EQ(compare("1.2", "<", "1.2.3"), 1);
  EXPECT_EQ(compare("1.2.3", "=", "1.2.3"), 1);
}

TEST_F(Dbtool, makes_a_cluster_of_a_database_and_back) {
  EXPECT_EQ(tool({"create-cluster", file("c"), file("db"), "tcp:127.0.0.1:1"}).error, "");
  EXPECT_EQ(tool({"db-name", file("c")}).output, "T\n");
  EXPECT_EQ(tool({"db-local-address", file("c")}).output, "tcp:127.0.0.1:1\n");
  EXPECT_TRUE(Uuid::parse(tool({"db-cid", file("c")}).output.substr(0, 36)));
  EXPECT_NE(tool({"db-cid", file("c")}).output, tool({"db-sid", file("c")}).output);
  EXPECT_EQ(tool({"cluster-to-standalone", file("back"), file("c")}).error, "");
  EXPECT_EQ(tool({"needs-conversion", file("back"), file("schema")}).output, "no\n");
  EXPECT_EQ(tool({"compact", file("c")}).error,
            "ovsdb-tool: ovsdb error: " + file("c") + ": cannot apply this operation to clustered database file\n");
  EXPECT_EQ(tool({"create-cluster", file("c"), file("db"), "tcp:127.0.0.1:1"}).status, 1) << "over a database";
  EXPECT_EQ(tool({"create-cluster", file("d"), file("db"), "127.0.0.1:1"}).status, 1) << "without a kind of address";
  EXPECT_EQ(tool({"db-sid", file("db")}).error, "ovsdb-tool: " + file("db") + ": not a clustered database\n");
}

TEST_F(Dbtool, tells_the_log_of_a_clusters_member_and_checks_it) {
  transact(R"({"op":"insert","table":"A","row":{"name":"x"}})");
  ASSERT_EQ(tool({"create-cluster", file("c"), file("db"), "tcp:127.0.0.1:1"}).error, "");
  const auto told = tool({"show-log", "-m", file("c")}).output;
  for (const auto* line : {"record 0:\n", " local address: \"tcp:127.0.0.1:1\"\n", " prev_index: 1\n",
                           " prev_schema: \"T\", version=\"1.2.3\", cksum=\"12 34\"\n", "  table A insert row \"x\" ("})
    EXPECT_NE(told.find(line), std::string::npos) << told;
  EXPECT_EQ(tool({"check-cluster", file("c")}).error, "ovsdb-tool: all logs are empty\n");
  EXPECT_EQ(tool({"check-cluster", file("db")}).error, "ovsdb-tool: " + file("db") + ": not a clustered database\n");
  auto torn = read("c");
  torn.resize(torn.size() - 1);
  write("torn", torn);
  EXPECT_EQ(tool({"check-cluster", file("torn")}).status, 1);
}

TEST_F(Dbtool, makes_a_member_that_joins_a_cluster_known_or_not) {
  const std::string cid = "7d4c9f3e-0b6f-4bb0-8b50-5d1c3f3f0a11";
  ASSERT_EQ(tool({"join-cluster", file("m"), "T", "unix:a", "tcp:127.0.0.1:1", "ssl:127.0.0.1:2"}).error, "");
  EXPECT_EQ(tool({"db-cid", file("m")}).status, 2);
  EXPECT_EQ(tool({"cluster-to-standalone", file("back"), file("m")}).status, 1) << "it has no data";
  ASSERT_EQ(tool({"--cid=" + cid, "join-cluster", file("n"), "T", "unix:a", "tcp:127.0.0.1:1"}).error, "");
  EXPECT_EQ(tool({"db-cid", file("n")}).output, cid + "\n");
  EXPECT_EQ(tool({"--cid=7d4c", "join-cluster", file("o"), "T", "unix:a", "tcp:127.0.0.1:1"}).status, 1);
}

TEST_F(Dbtool, takes_logging_options_anywhere_and_refuses_wrong_counts_of_arguments) {
  EXPECT_EQ(tool({"-vwarn", "db-name", file("db"), "--verbose=dbg", "-v", "--log-file"}).output, "T\n");
  EXPECT_EQ(tool({}).status, 1);
  EXPECT_EQ(tool({"fly"}).error, "ovsdb-tool: unknown command 'fly'; use --help for help\n");
  EXPECT_EQ(tool({"db-name", "a", "b"}).error, "ovsdb-tool: 'db-name' command takes at most 1 arguments\n");
  EXPECT_EQ(tool({"query"}).error, "ovsdb-tool: 'query' command requires at least 1 arguments\n");
  EXPECT_EQ(tool({"--version"}).output.find("ovsdb-tool (Open vSwitch) 3."), 0u);
  EXPECT_NE(tool({"-h"}).output.find("compare-versions a op b"), std::string::npos);
}

}  // namespace
}  // namespace weft::dbtool
