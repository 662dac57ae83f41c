// What tests/conformance cannot show: the two ways to combine clauses, and what an index can use.
#include "ovsdb/condition.hpp"

#include <gtest/gtest.h>

#include "ovsdb/database_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace fixture;

Condition condition(const Lab& lab, std::string_view clauses) {
  const auto& table = lab.database.schema().tables[lab.table("Port")];
  return Condition::from_json(table, parse_json(clauses).value().get_array()).value();
}

TEST(Condition, of_an_operation_needs_all_clauses_and_that_of_a_monitor_any) {
  Lab lab;
  Transaction transaction(lab.database);
  const auto uuid = lab.insert(transaction, "Port", {{"name", text("a")}, {"slot", number(1)}});
  const auto row = transaction.find(lab.table("Port"), uuid);
  const auto half_true = condition(lab, R"([["name","==","a"],["slot","==",2]])");
  EXPECT_FALSE(half_true.matches_all(*row));
  EXPECT_TRUE(half_true.matches_any(*row));
  EXPECT_TRUE(condition(lab, "[]").matches_all(*row));
  EXPECT_TRUE(condition(lab, "[]").matches_any(*row));
  EXPECT_FALSE(condition(lab, "[false]").matches_any(*row));
}

TEST(Condition, knows_the_value_that_a_column_must_have) {
  Lab lab;
  const auto named_a = condition(lab, R"([["slot",">",1],["name","==","a"]])");
  ASSERT_TRUE(named_a.equality(lab.column("Port", "name")));
  EXPECT_EQ(*named_a.equality(lab.column("Port", "name")), text("a"));
  EXPECT_FALSE(named_a.equality(lab.column("Port", "slot")));
}

}  // namespace
}  // namespace weft::ovsdb
