#include "base/shorten.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(Shorten, leaves_what_is_short_and_marks_what_was_cut) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "abc...");
  EXPECT_EQ(shorten("", 0), "");
}

TEST(Shorten, cuts_no_character_in_two) {
  EXPECT_EQ(shorten("a\u00e9b", 2), "a...");
  EXPECT_EQ(shorten("\u00e9", 1), "...");
}

}  // namespace
}  // namespace weft
