#include "unixctl/command_table.hpp"

#include <gtest/gtest.h>

namespace weft::unixctl {
namespace {

class Commands : public testing::Test {
 protected:
  Commands() {
    table_.add({"echo", "WORD...", 1, 2, [](Arguments words) -> Result<std::string> { return words[0]; }});
    table_.add({"bad", "", 0, 0, [](Arguments) -> Result<std::string> { return fail("tag", "it is bad"); }});
    table_.add({"a-command-with-a-very-long-name", "X", 0, 0, {}});
  }

  std::string why(std::string_view name, std::vector<std::string> arguments) {
    return table_.run(name, arguments).error().details;
  }

  CommandTable table_;
};

TEST_F(Commands, are_run_by_name) {
  EXPECT_EQ(table_.run("echo", std::vector<std::string>{"hello"}), "hello");
  EXPECT_EQ(why("bad", {}), "it is bad");
}

TEST_F(Commands, say_when_there_is_none_of_that_name) {
  EXPECT_EQ(why("Echo", {}), "\"Echo\" is not a valid command (use \"list-commands\" to see a list of valid commands)");
}

TEST_F(Commands, say_when_arguments_are_too_few_or_too_many) {
  EXPECT_EQ(why("echo", {}), "\"echo\" command requires at least 1 arguments");
  EXPECT_EQ(why("echo", {"a", "b", "c"}), "\"echo\" command takes at most 2 arguments");
}

TEST_F(Commands, are_listed_in_order_with_their_arguments) {
  EXPECT_EQ(table_.describe(),
            "The available commands are:\n"
            "  a-command-with-a-very-long-name X\n"
            "  bad                     \n"
            "  echo                    WORD...\n");
}

}  // namespace
}  // namespace weft::unixctl
