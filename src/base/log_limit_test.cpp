#include "base/log_limit.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

using std::chrono::seconds;

TEST(LogLimit, lets_a_burst_pass_and_then_one_an_interval) {
  LogLimit limit(6, 2);
  LogLimit::Time now(seconds(1000));
  EXPECT_TRUE(limit.ask(now).is_admitted);
  EXPECT_TRUE(limit.ask(now).is_admitted);
  EXPECT_FALSE(limit.ask(now).is_admitted);
  EXPECT_FALSE(limit.ask(now + seconds(9)).is_admitted);
  EXPECT_TRUE(limit.ask(now + seconds(10)).is_admitted);
  EXPECT_FALSE(limit.ask(now + seconds(10)).is_admitted);
}

TEST(LogLimit, tells_what_was_left_out_once_there_is_room) {
  LogLimit limit(6, 1);
  LogLimit::Time now(seconds(1000));
  EXPECT_EQ(limit.ask(now).report, "");
  (void)limit.ask(now + seconds(1));
  (void)limit.ask(now + seconds(7));
  EXPECT_EQ(limit.ask(now + seconds(12)).report,
            "Dropped 2 log messages in last 11 seconds (most recently, 5 seconds ago) due to excessive rate");
  EXPECT_EQ(limit.ask(now + seconds(30)).report, "");
}

TEST(LogLimit, never_saves_more_than_a_burst) {
  LogLimit limit(60, 3);
  LogLimit::Time now(seconds(100'000));
  int admitted = 0;
  for (int i = 0; i < 10; ++i) admitted += limit.ask(now).is_admitted;
  EXPECT_EQ(admitted, 3);
}

}  // namespace
}  // namespace weft
