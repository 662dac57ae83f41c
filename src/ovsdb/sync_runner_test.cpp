#include "ovsdb/sync_runner.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace weft::ovsdb {
namespace {

using namespace std::chrono_literals;

class SyncRunnerTest : public ::testing::Test {
 protected:
  // A sync that takes so long; did it run in the loop's thread?
  bool runs_in_loop(std::chrono::milliseconds duration) {
    std::optional<std::thread::id> ran_in;
    bool is_done = false;
    runner.run(
        [&]() -> Result<> {
          ran_in = std::this_thread::get_id();
          now += duration;
          return {};
        },
        [&](const Result<>& outcome) { is_done = outcome.has_value(); });
    EXPECT_FALSE(is_done) << "not before the loop's turn";
    loop.restart();
    const auto work = boost::asio::make_work_guard(loop);
    while (!is_done) loop.run_one();
    return ran_in == std::this_thread::get_id();
  }

  boost::asio::io_context loop{1};
  std::chrono::steady_clock::time_point now;
  SyncRunner runner{loop, [this] { return now; }};
};

TEST_F(SyncRunnerTest, a_disk_that_nobody_knows_yet_is_not_waited_for) { EXPECT_FALSE(runs_in_loop(0ms)); }

TEST_F(SyncRunnerTest, a_fast_disk_is_waited_for_in_the_loop) {
  runs_in_loop(longest_sync_in_loop);
  EXPECT_TRUE(runs_in_loop(0ms));
}

TEST_F(SyncRunnerTest, a_disk_that_becomes_slow_keeps_the_loop_waiting_once) {
  runs_in_loop(0ms);
  EXPECT_TRUE(runs_in_loop(longest_sync_in_loop + 1ms));
  EXPECT_FALSE(runs_in_loop(longest_sync_in_loop + 1ms));
  EXPECT_FALSE(runs_in_loop(0ms));
  EXPECT_TRUE(runs_in_loop(0ms)) << "it is fast again";
}

TEST_F(SyncRunnerTest, what_failed_is_told) {
  std::string reason;
  runner.run([]() -> Result<> { return fail("I/O error", "the disk is broken"); },
             [&](const Result<>& outcome) { reason = outcome ? "" : outcome.error().details; });
  const auto work = boost::asio::make_work_guard(loop);
  while (reason.empty()) loop.run_one();
  EXPECT_EQ(reason, "the disk is broken");
}

}  // namespace
}  // namespace weft::ovsdb
