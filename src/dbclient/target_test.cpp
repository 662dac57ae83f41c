#include "dbclient/target.hpp"

#include <gtest/gtest.h>

#include "dbclient/command.hpp"

namespace weft::dbclient {
namespace {

using Words = std::vector<std::string>;

Result<std::string> database_of(const char* names, std::size_t least, const Words& words, std::size_t expected_rest) {
  std::span<const std::string> arguments(words);
  auto database = take_database(*parse_json(names), least, arguments);
  EXPECT_EQ(arguments.size(), expected_rest);
  return database;
}

TEST(Target, server_is_the_first_argument_if_it_looks_like_one) {
  const Words with{"tcp:[::1]:6640", "Bridge"};
  EXPECT_EQ(take_server(with).remote, "tcp:[::1]:6640");
  EXPECT_EQ(take_server(with).arguments.size(), 1u);
  const Words without{"Bridge"};
  EXPECT_TRUE(take_server(without).remote.ends_with("/db.sock"));
  EXPECT_EQ(take_server(without).arguments.size(), 1u);
}

TEST(Target, database_is_the_named_one_or_open_vswitch_or_the_only_one) {
  EXPECT_EQ(database_of(R"(["A","Open_vSwitch","_Server"])", 0, {"A", "T"}, 1), "A");
  EXPECT_EQ(database_of(R"(["A","Open_vSwitch","_Server"])", 0, {"T"}, 1), "Open_vSwitch");
  EXPECT_EQ(database_of(R"(["A","_Server"])", 0, {}, 0), "A");
  EXPECT_EQ(database_of(R"(["A","B"])", 1, {"A"}, 1).error().tag, "no default database");
  EXPECT_EQ(database_of("7", 0, {}, 0).error().tag, "protocol error");
}

TEST(Target, a_table_that_is_called_as_a_database_is_the_table_where_one_must_follow) {
  EXPECT_EQ(database_of(R"(["Open_vSwitch"])", 1, {"Open_vSwitch"}, 1), "Open_vSwitch");
}

TEST(Target, each_of_several_servers_is_tried_and_told_of) {
  const auto client = connect_any("unix:/nonexistent/a,b,unix:/nonexistent/c");
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().details,
            "failed to connect to \"unix:/nonexistent/a,b\" (No such file or directory); "
            "failed to connect to \"unix:/nonexistent/c\" (No such file or directory)");
}

TEST(ErrorText, says_all_that_the_server_said) {
  EXPECT_EQ(error_text(*parse_json(R"({"error":"unknown column","details":"No x.","syntax":"[1]"})")),
            "syntax \"[1]\": unknown column: No x.");
  EXPECT_EQ(error_text("unknown method"), "unknown method");
  EXPECT_EQ(error_text(*parse_json("[1]")), "[1]");
}

}  // namespace
}  // namespace weft::dbclient
