#include "dbclient/monitored_table.hpp"

#include <gtest/gtest.h>

namespace weft::dbclient {
namespace {

const auto schema = *ovsdb::DatabaseSchema::from_json(*parse_json(R"({"name":"Lab","tables":{"Port":{"columns":{
  "name":{"type":"string"},
  "tag":{"type":{"key":"integer","min":0,"max":1}},
  "trunks":{"type":{"key":"integer","min":0,"max":3}}}}}})"));
const std::string uuid = "01234567-89ab-cdef-0123-456789abcdef";

Result<MonitoredTable> parse(std::vector<std::string> groups, const json::value* condition = nullptr) {
  return MonitoredTable::parse("Lab", schema.tables.front(), groups, condition);
}

std::string csv(const std::string& change, bool is_initial = false) {
  const auto table = parse({"name,tag", "trunks"})->rows(*parse_json("{\"" + uuid + "\":" + change + "}"), is_initial);
  if (!table) return table.error().details;
  return cli::TablePrinter({.format = cli::TableFormat::csv, .headings = false}).print(*table);
}

TEST(MonitoredTable, asks_for_each_group_of_columns_by_itself) {
  const json::value condition = json::array{true};
  const auto table = parse({"name,!initial", "tag"}, &condition);
  ASSERT_TRUE(table);
  EXPECT_EQ(
      to_text(table->requests()),
      R"([{"columns":["name"],"select":{"delete":true,"initial":false,"insert":true,"modify":true},"where":[true]},)"
      R"({"columns":["tag"],"select":{"delete":true,"initial":true,"insert":true,"modify":true},"where":[true]}])");
}

TEST(MonitoredTable, without_columns_shows_all_with_the_version_last) {
  EXPECT_TRUE(to_text(parse({"!delete"})->requests()).contains(R"("columns":["name","tag","trunks","_version"])"));
}

TEST(MonitoredTable, refuses_columns_that_are_not_there_or_there_twice) {
  EXPECT_EQ(parse({"nope"}).error().details, "table \"Port\" in Lab does not have a column named \"nope\"");
  EXPECT_EQ(parse({"!nope"}).error().details, "table \"Port\" in Lab does not have a column named \"!nope\"");
  EXPECT_EQ(parse({"tag", "tag"}).error().details, "column \"tag\" mentioned multiple times");
}

TEST(MonitoredTable, tells_changes_of_the_first_kind) {
  EXPECT_EQ(csv(R"({"new":{"name":"p","tag":1}})", true), uuid + ",initial,p,1,\n");
  EXPECT_EQ(csv(R"({"new":{"name":"p"}})"), uuid + ",insert,p,,\n");
  EXPECT_EQ(csv(R"({"old":{"tag":["set",[]]},"new":{"name":"p","tag":1}})"), uuid + ",old,,[],\n,new,p,1,\n");
  EXPECT_EQ(csv(R"({"old":{"name":"p"}})"), uuid + ",delete,p,,\n");
}

TEST(MonitoredTable, tells_changes_of_the_second_kind_as_differences) {
  EXPECT_EQ(csv(R"({"modify":{"trunks":["set",[1,2,3,4]]}})"), uuid + ",modify,,,\"[1, 2, 3, 4]\"\n");
  EXPECT_EQ(csv(R"({"delete":null})"), uuid + ",delete,,,\n");
}

TEST(MonitoredTable, refuses_what_is_no_update) {
  EXPECT_FALSE(parse({})->rows(7, false));
  EXPECT_TRUE(csv("7").contains("update")) << csv("7");
  EXPECT_FALSE(csv(R"({"new":{"tag":"x"}})").starts_with(uuid));
}

}  // namespace
}  // namespace weft::dbclient
