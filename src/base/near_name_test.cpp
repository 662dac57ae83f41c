#include "base/near_name.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

const std::vector<std::string> names = {"lu-br0", "vxlan0", "veth12"};

TEST(NearName, is_the_one_that_was_probably_meant) {
  EXPECT_EQ(near_name("lu-br1", names), "lu-br0");
  EXPECT_EQ(near_name("lubr0", names), "lu-br0");
  EXPECT_EQ(near_name("vetj12", names), "veth12");
  EXPECT_EQ(near_name("vlxan0", names), "vxlan0");
  EXPECT_EQ(near_name("eth0", names), std::nullopt);
  EXPECT_EQ(near_name("", names), std::nullopt);
  EXPECT_EQ(near_name(std::string(100, 'x'), names), std::nullopt);
}

TEST(NearName, is_suggested_or_else_all_names_are_if_they_are_few) {
  EXPECT_EQ(suggest_name("lu-br", names), "; did you mean \"lu-br0\"?");
  EXPECT_EQ(suggest_name("eth0", names), "; there are lu-br0, vxlan0, veth12");
  EXPECT_EQ(suggest_name("eth0", std::vector<std::string>{"lu-br0"}), "; there is lu-br0");
  EXPECT_EQ(suggest_name("eth0", {}), "");
  EXPECT_EQ(suggest_name("eth0", std::vector<std::string>(9, "abcdef")), "");
}

}  // namespace
}  // namespace weft
