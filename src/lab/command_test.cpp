#include "lab/command.hpp"

#include <gtest/gtest.h>

namespace weft::lab {
namespace {

const Commands one = {ip("netns add c1"), ip("link set veth1 up"), ip_in("c1", "link set lo up"),
                      vsctl("add-port br veth1")};
const Commands two = {ip("netns add c2"), ip("link set veth2 up"), ip_in("c2", "link set lo up"),
                      vsctl("add-port br veth2")};

TEST(Command, is_typed_as_a_person_would) {
  EXPECT_EQ(as_typed(ip("link set veth0 up")), "ip link set veth0 up");
  EXPECT_EQ(as_typed(ip_in("c1", "link set lo up")), "ip -n c1 link set lo up");
  EXPECT_EQ(as_typed(vsctl("add-br lu-br0")), "ovs-vsctl add-br lu-br0");
  EXPECT_EQ(as_typed(may_fail(shell("rm x"))), "rm x 2>/dev/null || true");
}

TEST(Command, comes_back_from_json) {
  for (const auto& command : {one[0], one[2], one[3], may_fail(shell("rm x"))}) {
    EXPECT_EQ(command_from_json(to_json(command)), command);
  }
  EXPECT_FALSE(command_from_json(json::value(1)));
  EXPECT_FALSE(command_from_json(json::object{{"ip", 1}}));
}

TEST(Batch, lets_one_process_do_what_the_same_tool_does_for_all) {
  const auto script = batch(std::vector{one, two});
  EXPECT_NE(script.find("ip -batch - <<'END'\nnetns add c1\nlink set veth1 up\nnetns add c2\nlink set veth2 up\nEND\n"),
            std::string::npos)
      << script;
  EXPECT_NE(script.find("ovs-vsctl add-port br veth1 -- add-port br veth2\n"), std::string::npos) << script;
}

TEST(Batch, goes_on_after_what_may_fail) {
  const Commands removal = {may_fail(ip("link delete a")), may_fail(ip("link delete b"))};
  const auto script = batch(std::vector<Commands>{removal});
  EXPECT_NE(script.find("{ ip -force -batch - 2>/dev/null || true; } <<'END'\nlink delete a\nlink delete b\nEND\n"),
            std::string::npos)
      << script;
}

TEST(Blame, finds_the_line_of_a_batch) {
  EXPECT_EQ(blame(std::vector{one, two}, "RTNETLINK answers: File exists\nCommand failed -:3\nweft: piece 0\n"),
            (Blame{"ip netns add c2", "RTNETLINK answers: File exists"}));
}

TEST(Blame, names_a_single_command) {
  EXPECT_EQ(blame(std::vector{one, two}, "no such thing\nweft: piece 2\n"),
            (Blame{"ip -n c2 link set lo up", "no such thing"}));
}

TEST(Blame, tells_what_was_said_where_it_does_not_know_the_command) {
  EXPECT_EQ(blame(std::vector<Commands>{one}, "killed\n"), (Blame{"", "killed"}));
  EXPECT_EQ(blame(std::vector<Commands>{one}, "x\nweft: piece 99\n"), (Blame{"", "x"}));
}

}  // namespace
}  // namespace weft::lab
