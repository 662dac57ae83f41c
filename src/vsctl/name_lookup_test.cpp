#include "vsctl/name_lookup.hpp"

#include <gtest/gtest.h>

#include "vsctl/test_schema.hpp"

namespace weft::vsctl {
namespace {

std::string table_found(std::string_view name) {
  const auto found = find_table(test_schema(), name);
  return found ? test_schema().tables[*found].name : "error: " + found.error().details;
}

std::string column_found(std::string_view name) {
  const auto& table = test_table("Port");
  const auto found = find_column(table, name);
  return found ? table.columns[*found].name : "error: " + found.error().details;
}

TEST(NameLookup, takes_any_case_dashes_and_unique_prefixes) {
  EXPECT_EQ(table_found("interface"), "Interface");
  EXPECT_EQ(table_found("INT"), "Interface");
  EXPECT_EQ(table_found("open-v"), "Open_vSwitch");
  EXPECT_EQ(column_found("other-config"), "other_config");
  EXPECT_EQ(column_found("trunk"), "trunks");
  EXPECT_EQ(column_found("TAG"), "tag");
}

TEST(NameLookup, a_whole_name_is_not_ambiguous_with_a_longer_one) { EXPECT_EQ(column_found("mac"), "mac"); }

TEST(NameLookup, an_ambiguous_name_is_an_error_that_lists_the_candidates) {
  EXPECT_EQ(table_found("M"), "error: \"M\" matches multiple table names: Manager, Mirror");
  EXPECT_EQ(column_found("t"), "error: Port contains more than one column whose name matches \"t\": tag, trunks");
}

TEST(NameLookup, an_unknown_name_is_an_error) {
  EXPECT_EQ(table_found("nope"), "error: unknown table \"nope\"");
  EXPECT_EQ(column_found("nope"), "error: Port does not contain a column whose name matches \"nope\"");
}

TEST(NameLookup, the_uuid_can_be_shown_but_not_set_and_only_by_its_whole_name) {
  EXPECT_FALSE(find_column(test_table("Port"), "_uuid"));
  EXPECT_TRUE(find_shown_column(test_table("Port"), "_uuid"));
  EXPECT_FALSE(find_shown_column(test_table("Port"), "_u"));
  EXPECT_FALSE(find_shown_column(test_table("Port"), "_version"));
}

}  // namespace
}  // namespace weft::vsctl
