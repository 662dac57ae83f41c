#include "ovsdb/backoff.hpp"

namespace weft::ovsdb {
namespace {

using std::chrono::milliseconds;

std::vector<std::int64_t> pauses(Backoff& backoff, int count) {
  std::vector<std::int64_t> result;
  for (int i = 0; i < count; ++i) result.push_back(backoff.next().count());
  return result;
}

TEST(Backoff, doubles_from_a_second_to_its_maximum) {
  Backoff backoff(milliseconds(6'000));
  EXPECT_EQ(pauses(backoff, 5), (std::vector<std::int64_t>{1'000, 2'000, 4'000, 6'000, 6'000}));
  EXPECT_TRUE(backoff.is_at_most());
}

TEST(Backoff, begins_anew_after_a_connection_that_has_lasted) {
  Backoff backoff(milliseconds(8'000));
  pauses(backoff, 3);
  EXPECT_EQ(backoff.next(milliseconds(10)).count(), 8'000) << "it broke at once";
  EXPECT_EQ(backoff.next(milliseconds(60'000)).count(), 1'000);
  EXPECT_FALSE(backoff.is_at_most());
}

TEST(Backoff, waits_a_second_at_least) {
  Backoff backoff(milliseconds(0));
  EXPECT_EQ(pauses(backoff, 2), (std::vector<std::int64_t>{1'000, 1'000}));
}

}  // namespace
}  // namespace weft::ovsdb
