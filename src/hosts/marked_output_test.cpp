#include "hosts/marked_output.hpp"

#include <gtest/gtest.h>

namespace weft::hosts {
namespace {

TEST(MarkedOutput, ends_at_the_marker_and_keeps_what_belongs_to_it) {
  MarkedOutput output("<end>", 100);
  EXPECT_FALSE(output.add("hello\n"));
  EXPECT_TRUE(output.add("world<end> 7\nlate"));
  EXPECT_EQ(output.text(), "hello\nworld");
  EXPECT_EQ(output.trailer(), " 7");
}

TEST(MarkedOutput, finds_a_marker_that_comes_byte_by_byte) {
  MarkedOutput output("<end>", 100);
  const std::string stream = "a<en<end> 0\n";
  for (std::size_t i = 0; i + 1 < stream.size(); ++i) EXPECT_FALSE(output.add(stream.substr(i, 1))) << i;
  EXPECT_TRUE(output.add("\n"));
  EXPECT_EQ(output.text(), "a<en");
}

TEST(MarkedOutput, drops_what_is_too_much_and_says_so) {
  MarkedOutput output("<end>", 4);
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(output.add("abcdefgh"));
  EXPECT_TRUE(output.add("<end>\n"));
  EXPECT_EQ(output.text(), "abcd\n[7996 bytes more were cut off here]\n");
}

TEST(MarkedOutput, of_exactly_the_bound_is_whole) {
  MarkedOutput output("<end>", 4);
  EXPECT_TRUE(output.add("abcd<end>\n"));
  EXPECT_EQ(output.text(), "abcd");
}

}  // namespace
}  // namespace weft::hosts
