#include "dbserver/replication_settings.hpp"

namespace weft::dbserver {
namespace {

TEST(ExcludedTables, are_read_and_written_as_a_list_in_order) {
  const auto tables = parse_tables("b:y,a:z,b:x,,b:y");
  ASSERT_TRUE(tables);
  EXPECT_EQ(*tables, (TablesByDatabase{{"a", {"z"}}, {"b", {"x", "y"}}}));
  EXPECT_EQ(list_of(*tables), "a:z,b:x,b:y");
  EXPECT_EQ(parse_tables(""), TablesByDatabase());
}

TEST(ExcludedTables, without_database_or_table_are_refused) {
  for (const auto* list : {"b", "b:", ":t", "a:t,b"}) EXPECT_EQ(parse_tables(list).error().tag, "usage") << list;
}

}  // namespace
}  // namespace weft::dbserver
