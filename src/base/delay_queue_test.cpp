#include "base/delay_queue.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

using std::chrono::milliseconds;
using Queue = DelayQueue<int>;
const Queue::Time start{};

TEST(DelayQueue, gives_things_back_when_their_times_have_come) {
  Queue queue(10);
  EXPECT_FALSE(queue.first_time());
  queue.put(start + milliseconds(20), 1);
  queue.put(start + milliseconds(10), 2);
  queue.put(start + milliseconds(10), 3);
  EXPECT_EQ(queue.first_time(), start + milliseconds(10));
  EXPECT_EQ(queue.take_due(start + milliseconds(9)), std::vector<int>{});
  EXPECT_EQ(queue.take_due(start + milliseconds(10)), (std::vector{2, 3}));
  EXPECT_EQ(queue.take_due(start + milliseconds(99)), std::vector{1});
  EXPECT_FALSE(queue.first_time());
}

TEST(DelayQueue, takes_no_more_than_there_is_room_for) {
  Queue queue(2);
  EXPECT_TRUE(queue.put(start, 1));
  EXPECT_TRUE(queue.put(start, 2));
  EXPECT_FALSE(queue.put(start, 3));
  EXPECT_EQ(queue.take_due(start), (std::vector{1, 2}));
  EXPECT_TRUE(queue.put(start, 3));
  queue.clear();
  EXPECT_FALSE(queue.first_time());
}

}  // namespace
}  // namespace weft
