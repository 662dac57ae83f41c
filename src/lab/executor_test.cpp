#include "lab/executor.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <mutex>

namespace weft::lab {
namespace {

namespace fs = std::filesystem;

// Hosts of which some fail at some kind.
class FakeCarrier : public Carrier {
 public:
  Result<> carry_out(const std::string& host, std::span<const Step> steps) override {
    const std::scoped_lock lock(mutex_);
    for (const auto& step : steps) {
      carried.push_back(step);
      if (host == failing_host && step.object.id.kind == failing_kind) return fail("failed", host + " fails");
    }
    return {};
  }
  std::string failing_host = {};
  Kind failing_kind = Kind::guest;
  Steps carried = {};

 private:
  std::mutex mutex_;
};

class Nobody : public Audience {
 public:
  void wave_begins(std::span<const Step>, std::size_t) override {}
  void host_is_done() override {}
  void wave_ends(const Result<>&) override {}
};

std::vector<Object> objects_on(std::initializer_list<std::string> hosts) {
  std::vector<Object> objects;
  for (const auto& host : hosts) {
    objects.push_back({.id = {Kind::host, host, host}});
    objects.push_back({.id = {Kind::bridge, host, "br"}, .needs = {{Kind::host, host, host}}});
    objects.push_back({.id = {Kind::container, host, "c"}, .needs = {{Kind::bridge, host, "br"}}});
  }
  return objects;
}

class Executor : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "weft-executor-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { fs::remove_all(directory_); }

  Result<> make(const std::vector<Object>& desired) {
    auto journal = Journal::open(directory_, "lab");
    EXPECT_TRUE(journal);
    return carry_out(diff(desired, journal->record().objects), *journal, carrier_, nobody_);
  }
  Result<> take_away(std::set<std::string>& failed) {
    auto journal = Journal::open(directory_, "lab");
    EXPECT_TRUE(journal);
    return carry_out(diff({}, journal->record().objects), *journal, carrier_, nobody_, failed);
  }
  RecordedObjects recorded() const { return Journal::read(directory_)->objects; }

  std::string directory_;
  FakeCarrier carrier_;
  Nobody nobody_;
};

TEST_F(Executor, records_what_it_made_and_has_nothing_to_do_afterwards) {
  const auto objects = objects_on({"a", "b"});
  ASSERT_TRUE(make(objects));
  EXPECT_EQ(carrier_.carried.size(), 6U);
  ASSERT_TRUE(make(objects));
  EXPECT_EQ(carrier_.carried.size(), 6U);
}

TEST_F(Executor, stops_at_a_failure_and_goes_on_there_the_next_time) {
  const auto objects = objects_on({"a", "b"});
  carrier_.failing_host = "b";
  carrier_.failing_kind = Kind::bridge;
  const auto result = make(objects);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().details, "b fails");
  EXPECT_TRUE(recorded().at({Kind::bridge, "a", "br"}).is_whole);
  EXPECT_FALSE(recorded().at({Kind::bridge, "b", "br"}).is_whole);
  EXPECT_FALSE(recorded().contains({Kind::container, "a", "c"}));

  carrier_.failing_host.clear();
  carrier_.carried.clear();
  ASSERT_TRUE(make(objects));
  EXPECT_EQ(carrier_.carried.front().action, Step::Action::remove);  // What was half made goes first.
  EXPECT_EQ(recorded().size(), 6U);
}

TEST_F(Executor, leaves_a_failing_host_and_does_all_else) {
  ASSERT_TRUE(make(objects_on({"a", "b"})));
  carrier_.failing_host = "b";
  carrier_.failing_kind = Kind::container;
  std::set<std::string> failed;
  EXPECT_FALSE(take_away(failed));
  EXPECT_EQ(failed, std::set<std::string>{"b"});
  EXPECT_EQ(recorded().size(), 3U);  // Of b all, of a nothing.
  EXPECT_FALSE(recorded().contains({Kind::host, "a", "a"}));

  carrier_.carried.clear();
  EXPECT_TRUE(take_away(failed)) << "of b nothing is tried again";
  EXPECT_TRUE(carrier_.carried.empty());
}

}  // namespace
}  // namespace weft::lab
