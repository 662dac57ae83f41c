#include "vsctl/view.hpp"

#include <gtest/gtest.h>

#include "vsctl/test_database.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

Datum text(std::string value) { return Datum::scalar(std::move(value)); }

class ViewTest : public testing::Test {
 protected:
  ViewTest() { database.run("add-br br0 -- add-port br0 p1"); }

  Uuid row(View& view, std::string_view table, std::string name) {
    const auto rows = view.select({.table = table, .where = equals("name", std::move(name))});
    CHECK(rows && rows->size() == 1);
    return rows->front();
  }

  TestDatabase database;
};

TEST_F(ViewTest, asks_the_same_question_once) {
  auto view = database.view();
  row(view, "Port", "p1");
  const auto before = database.requests;
  row(view, "Port", "p1");
  EXPECT_EQ(database.requests, before);
}

TEST_F(ViewTest, asks_several_questions_in_one_round_trip) {
  auto view = database.view();
  const auto before = database.requests;
  const auto answers = view.select({{.table = "Bridge"}, {.table = "Port"}, {.table = "Interface"}});
  ASSERT_TRUE(answers);
  EXPECT_EQ(answers->at(1).size(), 2u);
  EXPECT_EQ(database.requests, before + 1);
}

TEST_F(ViewTest, sees_its_own_insertions_changes_and_deletions_in_every_question) {
  auto view = database.view();
  const auto port = row(view, "Port", "p1");
  ASSERT_TRUE(view.assign("Port", port, "tag", Datum::scalar(std::int64_t{7})));
  EXPECT_EQ(*view.read("Port", port, "tag"), Datum::scalar(std::int64_t{7}));

  const auto new_port = *view.insert("Port");
  ASSERT_TRUE(view.assign("Port", new_port, "name", text("p2")));
  EXPECT_EQ(row(view, "Port", "p2"), new_port);
  EXPECT_EQ(view.select({.table = "Port"})->size(), 3u);
  EXPECT_EQ(*view.read("Port", new_port, "tag"), Datum()) << "a column nobody set has its default";

  ASSERT_TRUE(view.erase("Port", port));
  EXPECT_TRUE(view.select({.table = "Port", .where = equals("name", std::string("p1"))})->empty());
  EXPECT_EQ(view.select({.table = "Port"})->size(), 2u);
}

TEST_F(ViewTest, finds_a_set_that_includes_its_own_element_without_reading_the_set) {
  auto view = database.view();
  const auto bridge = row(view, "Bridge", "br0");
  const auto port = *view.insert("Port");
  ASSERT_TRUE(view.insert_elements("Bridge", bridge, "ports", Datum::scalar(port)));
  EXPECT_EQ(*view.select({.table = "Bridge", .where = includes("ports", port)}), RowIds{bridge});
  const auto& schema = test_schema();
  const auto table = *schema.find("Bridge");
  EXPECT_EQ(view.snapshot().cached(table, bridge, *schema.tables[table].find("ports")), nullptr);
}

TEST_F(ViewTest, changes_a_set_by_mutation_so_that_two_clients_do_not_conflict) {
  auto ours = database.view();
  ASSERT_TRUE(run_line(TestDatabase::commands("add-port br0 ours"), ours));
  EXPECT_EQ(database.run("add-port br0 theirs"), "");
  EXPECT_TRUE(database.commit(ours));
  EXPECT_EQ(database.run("list-ports br0"), "ours\np1\ntheirs\n");
}

TEST_F(ViewTest, fails_at_the_commit_if_a_row_it_decided_on_has_gone_or_come) {
  auto on_bridge = database.view();
  ASSERT_TRUE(run_line(TestDatabase::commands("add-port br0 p2"), on_bridge));
  database.run("del-br br0");
  const auto gone = database.commit(on_bridge);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().tag, "timed out") << gone.error().details;

  auto on_name = database.view();
  ASSERT_TRUE(run_line(TestDatabase::commands("add-br br1"), on_name));
  database.run("add-br br1");
  const auto come = database.commit(on_name);
  ASSERT_FALSE(come);
  EXPECT_EQ(come.error().tag, "timed out") << come.error().details;
}

TEST_F(ViewTest, fails_at_the_commit_if_a_value_it_decided_on_has_changed) {
  database.run("set port p1 other_config:a=1");
  auto view = database.view();
  ASSERT_TRUE(run_line(TestDatabase::commands("get port p1 tag -- set port p1 other_config:b=2"), view));
  database.run("set port p1 tag=5");
  EXPECT_FALSE(database.commit(view));
}

TEST_F(ViewTest, does_not_care_about_changes_of_what_it_did_not_decide_on) {
  auto view = database.view();
  ASSERT_TRUE(run_line(TestDatabase::commands("set port p1 other_config:b=2"), view));
  database.run("set port p1 tag=5 -- add-port br0 other -- set port p1 other_config:c=3");
  EXPECT_TRUE(database.commit(view));
  EXPECT_EQ(database.run("get port p1 other_config"), "{b=\"2\", c=\"3\"}\n");
}

TEST_F(ViewTest, a_line_that_sets_what_is_already_so_changes_nothing) {
  database.run("set port p1 tag=5 other_config:a=b -- add port p1 trunks 7");
  auto view = database.view();
  const auto line =
      "set port p1 tag=5 other_config:a=b -- add port p1 trunks 7 -- remove port p1 trunks 8 -- clear "
      "port p1 mac -- --may-exist add-port br0 p1 tag=9 -- --if-exists del-port nope";
  ASSERT_TRUE(run_line(TestDatabase::commands(line), view));
  EXPECT_FALSE(view.has_changes()) << to_text(view.operations());
}

// What one more port costs may not depend on how many there are.
TEST_F(ViewTest, adding_a_port_asks_and_says_equally_much_whatever_the_number_of_ports) {
  const auto cost = [&](std::string_view line) {
    auto view = database.view();
    EXPECT_TRUE(run_line(TestDatabase::commands(line), view));
    const auto said = to_text(view.snapshot().guards()).size() + to_text(view.operations()).size();
    return std::pair(view.snapshot().round_trips(), said);
  };
  const auto line = "--may-exist add-port br0 x1 -- set Interface x1 external_ids:a=b -- get Port p1 name";
  const auto few = cost(line);
  for (int i = 0; i < 300; ++i) EXPECT_EQ(database.run(fmt::format("add-port br0 q{}", i)), "");
  EXPECT_EQ(cost(line), few);
  EXPECT_LE(few.first, 5u);
}

TEST_F(ViewTest, a_name_that_the_servers_schema_lacks_is_an_error) {
  auto view = database.view();
  EXPECT_FALSE(view.select(Query{.table = "Nope"}));
  EXPECT_FALSE(view.select(Query{.table = "Port", .columns = {"nope"}}));
  EXPECT_FALSE(view.read("Port", row(view, "Port", "p1"), "nope"));
}

TEST_F(ViewTest, a_row_that_vanished_between_two_questions_is_stale) {
  auto view = database.view();
  const auto port = row(view, "Port", "p1");
  database.run("del-port p1");
  const auto value = view.read("Port", port, "tag");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().tag, stale);
}

}  // namespace
}  // namespace weft::vsctl
