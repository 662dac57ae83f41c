#include "dbserver/options.hpp"

#include <cstdlib>

namespace weft::dbserver {
namespace {

Result<Options> parse(const std::vector<std::string>& arguments) { return parse_options(arguments); }

TEST(Options, name_databases_and_remotes_once_each) {
  const auto options = parse({"--remote=punix:a", "db1", "--remote", "ptcp:0", "db2", "db1", "--remote=punix:a"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->databases, (std::vector<std::string>{"db1", "db2"}));
  EXPECT_EQ(options->remotes, (std::set<std::string>{"ptcp:0", "punix:a"}));
}

TEST(Options, without_a_database_mean_the_default_one_or_none) {
  ::setenv("OVS_DBDIR", "/somewhere", 1);
  EXPECT_EQ(parse({})->databases, std::vector<std::string>{"/somewhere/conf.db"});
  EXPECT_TRUE(parse({"--no-dbs"})->databases.empty());
  EXPECT_EQ(parse({"--no-dbs", "db"})->databases, std::vector<std::string>{"db"});
  ::unsetenv("OVS_DBDIR");
}

TEST(Options, may_be_abbreviated_and_mistakes_are_told) {
  EXPECT_EQ(*parse({"--ru=true", "db"})->run_command, "true");
  EXPECT_FALSE(parse({"--disable-file", "db"})->write_differences);
  EXPECT_EQ(parse({"--nope"}).error().details, "unrecognized option '--nope'");
}

TEST(Options, to_record_and_replay_a_run_are_known_and_refused) {
  EXPECT_EQ(parse({"--record", "db"}).error().tag, "not supported");
  EXPECT_EQ(parse({"--replay=there", "db"}).error().tag, "not supported");
}

TEST(Options, make_a_backup_of_a_server_unless_it_is_to_begin_as_the_active_one) {
  EXPECT_EQ(parse({"db"})->replication, ReplicationSettings());
  EXPECT_EQ(parse({"--sync-from=unix:s", "--sync-exclude-tables=d:t", "db"})->replication,
            (ReplicationSettings{"unix:s", {{"d", {"t"}}}, true}));
  EXPECT_EQ(parse({"--active", "--sync-from=unix:s", "db"})->replication, (ReplicationSettings{"unix:s", {}, false}));
  EXPECT_FALSE(parse({"--active", "db"})->replication.is_backup);
  EXPECT_EQ(parse({"--sync-exclude-tables=t", "db"}).error().tag, "usage");
}

}  // namespace
}  // namespace weft::dbserver
