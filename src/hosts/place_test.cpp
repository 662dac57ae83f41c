#include "hosts/place.hpp"

#include <gtest/gtest.h>

namespace weft::hosts {
namespace {

TEST(Quote, leaves_plain_words_as_they_are) { EXPECT_EQ(quote("root@10.0.0.2:/a-b_c"), "root@10.0.0.2:/a-b_c"); }

TEST(Quote, encloses_what_a_shell_would_change) {
  EXPECT_EQ(quote(""), "''");
  EXPECT_EQ(quote("a b"), "'a b'");
  EXPECT_EQ(quote("it's $HOME"), R"('it'\''s $HOME')");
  EXPECT_EQ(quote(std::vector<std::string>{"echo", "a b", "*"}), "echo 'a b' '*'");
}

TEST(Place, of_nothing_but_a_name_is_this_machine) {
  const Place place{.name = "here"};
  const auto command = command_at(place, {"ip", "link"});
  ASSERT_TRUE(command);
  EXPECT_EQ(*command, (std::vector<std::string>{"ip", "link"}));
}

TEST(Place, whose_simulated_host_does_not_run_is_an_error) {
  const auto command = command_at({.name = "host1", .directory = "/nonexistent/host1"}, {"true"});
  ASSERT_FALSE(command);
  EXPECT_EQ(command.error().tag, "not running");
}

}  // namespace
}  // namespace weft::hosts
