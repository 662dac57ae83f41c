#include "cli/common_options.hpp"

#include <gtest/gtest.h>

namespace weft::cli {
namespace {

struct Read {
  CommonOptions options;
  std::vector<std::string> rest;
};

Result<Read> read(std::vector<std::string> arguments, OptionsEnd end = OptionsEnd::last_argument) {
  Read read;
  read.rest = TRY(read_options(arguments, common_options(), end, [&](int id, const char* argument) {
    return apply_common_option(id, argument, read.options);
  }));
  return read;
}

std::string why(std::vector<std::string> arguments) { return read(std::move(arguments)).error().details; }

TEST(CommonOptions, may_stand_behind_arguments_unless_they_end_at_the_first) {
  const auto anywhere = read({"dump", "--pretty", "Bridge", "-t5", "--", "-x"});
  ASSERT_TRUE(anywhere);
  EXPECT_TRUE(anywhere->options.style.pretty);
  EXPECT_EQ(anywhere->options.timeout_seconds, 5u);
  EXPECT_EQ(anywhere->rest, (std::vector<std::string>{"dump", "Bridge", "-x"}));
  const auto in_front = read({"--bare", "list", "--pretty"}, OptionsEnd::first_argument);
  ASSERT_TRUE(in_front);
  EXPECT_EQ(in_front->options.style.data, DataStyle::bare);
  EXPECT_FALSE(in_front->options.style.pretty);
  EXPECT_EQ(in_front->rest, (std::vector<std::string>{"list", "--pretty"}));
}

TEST(CommonOptions, say_what_is_wrong_with_one) {
  EXPECT_EQ(why({"dump", "--nope"}), "unrecognized option '--nope'");
  EXPECT_EQ(why({"--pretty=x"}), "option '--pretty' doesn't allow an argument");
  EXPECT_EQ(why({"dump", "-t"}), "option requires an argument -- 't'");
  EXPECT_EQ(why({"--f"}), "option '--f' requires an argument");
  EXPECT_TRUE(why({"--no-h=1"}).contains("--no-h")) << why({"--no-h=1"});
  EXPECT_TRUE(why({"-f", "nope"}).contains("nope"));
  EXPECT_TRUE(why({"-t", "0"}).contains("at least 1"));
}

}  // namespace
}  // namespace weft::cli
