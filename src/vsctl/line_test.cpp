// Whole command lines against a database in this process. What they print is compared with Open vSwitch in
// tests/conformance/vsctl; here is what those cases don't show.
#include "vsctl/line.hpp"

#include <gtest/gtest.h>

#include "vsctl/test_database.hpp"

namespace weft::vsctl {
namespace {

TEST(Line, makes_the_first_row_of_the_database_whatever_it_does) {
  TestDatabase database;
  EXPECT_EQ(database.run("list-br"), "");
  EXPECT_EQ(database.run("get open_vswitch . next_cfg"), "0\n");
  EXPECT_EQ(database.run("init"), "");
  auto view = database.view();
  ASSERT_TRUE(run_line(TestDatabase::commands("init"), view));
  EXPECT_FALSE(view.has_changes()) << "the second time there is nothing to do";
}

TEST(Line, is_one_transaction_whose_commands_see_earlier_ones) {
  TestDatabase database;
  EXPECT_EQ(database.run("add-br br0 -- add-port br0 p1 -- list-ports br0 -- del-port p1 -- list-ports br0"), "p1\n");
  EXPECT_EQ(database.run("add-br br1 -- add-port nope p"), "error: no bridge named nope");
  EXPECT_EQ(database.run("list-br"), "br0\n") << "nothing of a line with an error is done";
}

TEST(Line, stops_at_a_missing_bridge_and_at_an_unmet_condition) {
  TestDatabase database;
  auto view = database.view();
  EXPECT_EQ(run_line(TestDatabase::commands("br-exists nope -- add-br br0"), view)->outcome, Outcome::no_such_bridge);
  EXPECT_EQ(run_line(TestDatabase::commands("wait-until bridge nope -- add-br br0"), view)->outcome, Outcome::not_yet);
}

TEST(Line, warns_of_a_row_that_nothing_refers_to) {
  TestDatabase database;
  const auto warnings = [&](std::string_view line) {
    auto view = database.view();
    return run_line(TestDatabase::commands(line), view)->warnings.size();
  };
  database.run("add-br br0");
  EXPECT_EQ(warnings("create mirror name=m"), 1u);
  EXPECT_EQ(warnings("--id=@m create mirror name=m"), 1u);
  EXPECT_EQ(warnings("--id=@m create mirror name=m -- add bridge br0 mirrors @m"), 0u);
  EXPECT_EQ(warnings("--id=@q create qos type=x"), 0u) << "a root table keeps its rows";
}

TEST(Line, deleting_a_bridge_and_making_it_again_in_one_line_leaves_one_of_everything) {
  TestDatabase database;
  database.run("add-br br0 -- add-br f5 br0 5 -- add-port f5 p5 -- add-port br0 p1");
  EXPECT_EQ(database.run("del-br br0 -- add-br br0 -- add-port br0 p1 -- list-br -- list-ports br0"), "br0\np1\n");
  EXPECT_EQ(database.run("list-br -- list-ports br0 -- list-ifaces br0"), "br0\np1\np1\n");
}

TEST(Line, a_port_moves_between_bridges_in_one_line) {
  TestDatabase database;
  database.run("add-br br0 -- add-br br1 -- add-port br0 p1");
  EXPECT_EQ(database.run("--if-exists del-port p1 -- add-port br1 p1 tag=4 -- port-to-br p1"), "br1\n");
  EXPECT_EQ(database.run("port-to-br p1 -- get port p1 tag -- list-ports br0"), "br1\n4\n");
}

}  // namespace
}  // namespace weft::vsctl
