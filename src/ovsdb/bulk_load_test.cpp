#include "ovsdb/bulk_load.hpp"

#include "ovsdb/database_audit.hpp"
#include "ovsdb/database_fixture.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/overlay.hpp"

namespace weft::ovsdb {
namespace {

using namespace fixture;

class BulkLoadTest : public testing::Test {
 protected:
  Uuid row(std::string_view table, const std::vector<Value>& values) {
    std::vector<Datum> columns;
    for (const auto& column : lab.database.schema().tables[lab.table(table)].columns)
      columns.push_back(column.default_value);
    const auto uuid = Uuid::random();
    columns[uuid_column] = Datum::scalar(uuid);
    rows[lab.table(table)].emplace(uuid, make_row(lab.with(table, std::move(columns), values), nullptr));
    return uuid;
  }
  Result<> load() { return bulk_load(lab.database, std::move(rows)); }

  Lab lab;
  std::vector<Rows> rows = std::vector<Rows>(lab.database.schema().tables.size());
};

TEST_F(BulkLoadTest, of_rows_that_fit_together_counts_and_indexes_them) {
  const auto a = row("Port", {{"name", text("a")}});
  const auto b = row("Port", {{"name", text("b")}, {"peer", references({a})}});
  row("Switch", {{"ports", references({a, b})}});
  ASSERT_TRUE(load());
  EXPECT_EQ(find_inconsistency(lab.database), "");
  EXPECT_EQ(lab.count("Port"), 2u);
  const std::vector key{text("b")};
  EXPECT_EQ(lab.database.find_by_index(lab.table("Port"), 0, key)->uuid(), b);
}

TEST_F(BulkLoadTest, takes_away_what_the_rules_take_away) {
  const auto a = row("Port", {{"name", text("a")}, {"peer", references({Uuid::random()})}});
  row("Port", {{"name", text("nobody's")}});
  row("Switch", {{"ports", references({a})}});
  ASSERT_TRUE(load());
  EXPECT_EQ(find_inconsistency(lab.database), "");
  EXPECT_EQ(lab.count("Port"), 1u);
  EXPECT_EQ(lab.value("Port", a, "peer").size(), 0u);
}

TEST_F(BulkLoadTest, names_what_does_not_fit_and_loads_nothing) {
  row("Switch", {{"ports", references({Uuid::random()})}});
  const auto loaded = load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().tag, referential_integrity_violation);
  EXPECT_EQ(lab.count("Switch"), 0u);
  EXPECT_EQ(find_inconsistency(lab.database), "");
}

TEST_F(BulkLoadTest, refuses_two_rows_with_one_name) {
  const auto a = row("Port", {{"name", text("same")}});
  const auto b = row("Port", {{"name", text("same")}});
  row("Switch", {{"ports", references({a, b})}});
  const auto loaded = load();
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().tag, constraint_violation);
}

TEST_F(BulkLoadTest, refuses_more_rows_than_a_table_may_have) {
  for (int i = 0; i < 3; ++i) row("Switch", {});
  EXPECT_EQ(load().error().tag, constraint_violation);
}

}  // namespace
}  // namespace weft::ovsdb
