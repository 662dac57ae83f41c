#include "base/pid_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

namespace weft {
namespace {

class PidFileTest : public testing::Test {
 protected:
  std::string path_ = fmt::format("{}/pid_file_test.{}", testing::TempDir(), ::getpid());
  void TearDown() override { std::filesystem::remove(path_); }
  std::string content() const {
    std::string line;
    std::getline(std::ifstream(path_), line);
    return line;
  }

  // Whether `says_yes` does so in another process: a lock is never in its own process's way.
  template <class Question>
  static bool elsewhere(Question says_yes) {
    const auto child = ::fork();
    if (child == 0) ::_exit(says_yes() ? 0 : 1);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status == 0;
  }
};

TEST_F(PidFileTest, names_the_process_and_goes_with_it) {
  {
    const auto file = PidFile::create(path_);
    ASSERT_TRUE(file);
    EXPECT_EQ(content(), std::to_string(::getpid()));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(PidFileTest, refuses_a_second_process_and_names_the_first) {
  const auto first = PidFile::create(path_);
  EXPECT_TRUE(elsewhere([&, holder = ::getpid()] {
    const auto second = PidFile::create(path_);
    return !second && second.error().tag == "in use" &&
           second.error().details == fmt::format("{}: already running as pid {}, aborting", path_, holder);
  }));
  EXPECT_EQ(content(), std::to_string(::getpid()));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".tmp"));
}

TEST_F(PidFileTest, takes_one_over_if_told_so_and_the_first_leaves_it_alone) {
  auto first = std::make_optional(PidFile::create(path_));
  EXPECT_TRUE(elsewhere([&] {
    const auto second = PidFile::create(path_, true);
    return second && content() == std::to_string(::getpid()) && (::_exit(0), true);
  }));
  EXPECT_NE(content(), std::to_string(::getpid()));
  first.reset();
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(PidFileTest, takes_over_what_a_killed_process_left) {
  std::ofstream(path_) << "999999999\n";
  const auto file = PidFile::create(path_);
  ASSERT_TRUE(file) << file.error().details;
  EXPECT_EQ(content(), std::to_string(::getpid()));
}

TEST_F(PidFileTest, says_why_it_cannot_be_made) {
  const auto file = PidFile::create("/no/such/directory/weftd.pid");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().details, "/no/such/directory/weftd.pid.tmp: create failed (No such file or directory)");
}

TEST_F(PidFileTest, tells_others_who_holds_it) {
  const auto file = PidFile::create(path_);
  EXPECT_TRUE(elsewhere([&, holder = ::getpid()] { return read_pid_file(path_).value_or(0) == holder; }));
}

TEST_F(PidFileTest, tells_who_is_just_taking_it) {
  EXPECT_FALSE(find_pid_file_holder(path_));
  const auto file = PidFile::create(path_);
  EXPECT_TRUE(elsewhere([&, holder = ::getpid()] { return find_pid_file_holder(path_) == holder; }));
  std::filesystem::rename(path_, path_ + ".tmp");  // As it was a moment before.
  EXPECT_TRUE(elsewhere([&, holder = ::getpid()] { return find_pid_file_holder(path_) == holder; }));
  std::filesystem::rename(path_ + ".tmp", path_);
}

TEST_F(PidFileTest, that_nobody_holds_is_no_answer) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(read_pid_file(path_).error().details, "No such file or directory");
  std::ofstream(path_) << "1\n";
  EXPECT_EQ(read_pid_file(path_).error().details, "No such process");
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace weft
