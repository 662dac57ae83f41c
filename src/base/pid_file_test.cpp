#include "base/pid_file.hpp"

#include <fmt/format.h>

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
  const auto second = PidFile::create(path_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().tag, "in use");
  EXPECT_TRUE(second.error().details.contains(std::to_string(::getpid()))) << second.error().details;
  EXPECT_EQ(content(), std::to_string(::getpid()));
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
  EXPECT_TRUE(file.error().details.contains("No such file or directory")) << file.error().details;
}

}  // namespace
}  // namespace weft
