#include "ovsdb/lock_table.hpp"

namespace weft::ovsdb {
namespace {

constexpr SessionId alice = 1;
constexpr SessionId bob = 2;
constexpr SessionId carol = 3;

TEST(LockTable, the_first_to_ask_owns_and_the_others_wait_in_order) {
  LockTable locks;
  EXPECT_TRUE(locks.lock("L", alice));
  EXPECT_FALSE(locks.lock("L", bob));
  EXPECT_FALSE(locks.lock("L", carol));
  EXPECT_EQ(locks.unlock("L", alice), bob);
  EXPECT_TRUE(locks.owns("L", bob));
  EXPECT_EQ(locks.unlock("L", bob), carol);
}

TEST(LockTable, who_gives_up_waiting_changes_nothing_for_the_owner) {
  LockTable locks;
  locks.lock("L", alice);
  locks.lock("L", bob);
  EXPECT_EQ(locks.unlock("L", bob), std::nullopt);
  EXPECT_TRUE(locks.owns("L", alice));
  EXPECT_FALSE(locks.has_asked("L", bob));
}

TEST(LockTable, a_stolen_lock_returns_to_the_robbed_before_those_who_wait) {
  LockTable locks;
  locks.lock("L", alice);
  locks.lock("L", bob);
  EXPECT_EQ(locks.steal("L", carol), alice);
  EXPECT_TRUE(locks.owns("L", carol));
  EXPECT_FALSE(locks.owns("L", alice));
  EXPECT_EQ(locks.unlock("L", carol), alice);
}

TEST(LockTable, a_free_lock_is_stolen_from_nobody) {
  LockTable locks;
  EXPECT_EQ(locks.steal("L", alice), std::nullopt);
  EXPECT_TRUE(locks.owns("L", alice));
}

TEST(LockTable, a_session_that_ends_hands_on_what_it_owned_and_leaves_every_queue) {
  LockTable locks;
  locks.lock("L", alice);
  locks.lock("L", bob);
  locks.lock("M", bob);
  locks.lock("M", alice);
  locks.lock("N", alice);
  EXPECT_EQ(locks.count_of(alice), 3u);
  const auto handovers = locks.unlock_all(alice);
  ASSERT_EQ(handovers.size(), 1u);
  EXPECT_EQ(handovers[0].lock, "L");
  EXPECT_EQ(handovers[0].new_owner, bob);
  EXPECT_EQ(locks.count_of(alice), 0u);
  EXPECT_TRUE(locks.owns("M", bob));
}

}  // namespace
}  // namespace weft::ovsdb
