#include "ovsdb/replica.hpp"

#include "ovsdb/database_audit.hpp"
#include "ovsdb/execution.hpp"
#include "ovsdb/monitor_view.hpp"
#include "ovsdb/test_schema.hpp"

namespace weft::ovsdb {
namespace {

using Names = std::set<std::string>;

class Replica : public testing::Test {
 protected:
  Replica() { view = *views.find_or_make(MonitorKind::monitor_cond, requests_for_all(original.schema(), {})); }

  static void run(Database& database, std::string_view operations) {
    const auto parsed = parse_json(operations).value();
    const auto& array = parsed.get_array();
    const auto results = execute(database, array);
    EXPECT_EQ(std::get<json::array>(results).size(), array.size()) << to_text(std::get<json::array>(results));
  }
  // Follows the original while `operations` run there.
  void follow(std::string_view operations) {
    json::value updates;
    const auto subscription =
        original.subscribe([&](const ChangeSet& changes, const Uuid&) { updates = view->updates(changes); });
    run(original, operations);
    original.unsubscribe(subscription);
    const auto applied = apply_updates(copy, updates);
    EXPECT_TRUE(applied) << applied.error().details;
    expect_same();
  }
  void expect_same() {
    MonitorViews of_copy(copy);
    const auto own = *of_copy.find_or_make(MonitorKind::monitor_cond, requests_for_all(copy.schema(), {}));
    EXPECT_EQ(json::value(own->initial()), json::value(view->initial()));
    EXPECT_EQ(find_inconsistency(copy), "");
  }
  Error refusal(std::string_view updates) {
    const auto applied = apply_updates(copy, parse_json(updates).value());
    EXPECT_FALSE(applied) << updates;
    return applied ? Error{} : applied.error();
  }

  Database original{test_schema::schema(), nullptr};
  Database copy{test_schema::schema(), nullptr};
  MonitorViews views{original};
  std::shared_ptr<const MonitorView> view;
};

constexpr std::string_view two_rows = R"([
  {"op":"insert","table":"A","row":{"name":"a","n":1,"s":["set",[1,2]],"m":["map",[["k","v"],["l","w"]]],"o":7}},
  {"op":"insert","table":"B","row":{"x":true}}])";

TEST_F(Replica, becomes_what_is_told_as_the_beginning_and_no_more) {
  run(copy, R"([{"op":"insert","table":"A","row":{"name":"own"}},{"op":"insert","table":"B","row":{"x":true}}])");
  run(original, two_rows);
  ASSERT_TRUE(replace_content(copy, view->initial(), {}));
  expect_same();
  const auto id = copy.last_transaction_id();
  ASSERT_TRUE(replace_content(copy, view->initial(), {}));
  EXPECT_EQ(copy.last_transaction_id(), id) << "what is as told is not written again";
}

TEST_F(Replica, spares_tables) {
  run(copy, R"([{"op":"insert","table":"A","row":{"name":"own"}},{"op":"insert","table":"B","row":{}}])");
  ASSERT_TRUE(replace_content(copy, json::object(), Names{"B"}));
  EXPECT_TRUE(copy.rows(*copy.schema().find("A")).empty());
  EXPECT_EQ(copy.rows(*copy.schema().find("B")).size(), 1U);
  EXPECT_EQ(to_text(requests_for_all(copy.schema(), Names{"A"})), R"({"B":[{"columns":["x"]}]})");
}

TEST_F(Replica, follows_every_kind_of_change) {
  follow(two_rows);
  follow(R"([{"op":"mutate","table":"A","where":[],"mutations":[["s","delete",1],["s","insert",9],["n","+=",4],
             ["m","delete",["set",["k"]]],["m","insert",["map",[["z","y"]]]]]}])");
  follow(R"([{"op":"update","table":"A","where":[],"row":{"o":["set",[]],"m":["map",[["l","changed"]]]}}])");
  follow(R"([{"op":"update","table":"A","where":[],"row":{"o":8}},{"op":"delete","table":"B","where":[]}])");
}

TEST_F(Replica, refuses_what_is_no_update_and_stays_as_it_was) {
  follow(two_rows);
  const auto uuid = "00000000-0000-0000-0000-000000000001";
  for (const auto* update : {"[]", R"({"C":{}})", R"({"A":[]})", R"({"A":{"x":{"delete":null}}})", R"({"A":{"@":{}}})",
                             R"({"A":{"@":{"modify":{"n":1}}}})", R"({"A":{"@":{"forget":{}}}})",
                             R"({"A":{"@":{"insert":{},"delete":null}}})"}) {
    std::string text(update);
    if (const auto at = text.find('@'); at != std::string::npos) text.replace(at, 1, uuid);
    EXPECT_EQ(refusal(text).tag, "protocol error") << text;
  }
  EXPECT_FALSE(
      apply_updates(copy, parse_json(fmt::format(R"({{"A":{{"{}":{{"insert":{{"n":"x"}}}}}}}})", uuid)).value()));
  expect_same();
}

TEST_F(Replica, needs_a_place_for_every_column_that_is_not_spared) {
  auto theirs = test_schema::schema();
  EXPECT_TRUE(can_hold(copy.schema(), theirs, {}));
  theirs.tables[1].columns.push_back({.name = "y", .type = theirs.tables[1].columns.back().type});
  EXPECT_EQ(can_hold(copy.schema(), theirs, {}).error().details,
            "Column y not present in the local db schema table B.");
  EXPECT_TRUE(can_hold(copy.schema(), theirs, Names{"B"}));
  EXPECT_TRUE(can_hold(theirs, copy.schema(), {}));
  theirs.tables[1].columns.pop_back();
  theirs.tables[1].columns.back().type.min = 0;
  EXPECT_EQ(can_hold(copy.schema(), theirs, {}).error().details,
            "Column x of table B has another type in the local db schema.");
  theirs.tables[1].name = "C";
  EXPECT_EQ(can_hold(copy.schema(), theirs, {}).error().details, "Table C not present in the local db schema");
}

}  // namespace
}  // namespace weft::ovsdb
