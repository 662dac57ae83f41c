#include "base/log.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "base/log_core.hpp"
#include "base/log_limit.hpp"
#include "base/log_settings.hpp"

namespace weft {
namespace {

const LogModule log("test_log");

class Log : public testing::Test {
 protected:
  Log() {
    std::filesystem::create_directory(directory_);
    set_console_level(LogLevel::off);
  }
  ~Log() override {
    close_log_file();
    LogCore::get().file_path.clear();
    set_console_level(LogLevel::info);
    std::filesystem::remove_all(directory_);
  }

  // The messages of the file's lines.
  static std::string messages(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return std::regex_replace(text.str(), std::regex("[^\n]*\\|"), "");
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / fmt::format("weft-log-test-{}", ::getpid());
  const std::filesystem::path file_ = directory_ / "log";
};

TEST_F(Log, goes_to_the_file_from_its_opening_to_its_closing) {
  log.info("before");
  ASSERT_TRUE(open_log_file(file_));
  log.info("one {}", 1);
  log.debug("hidden");
  close_log_file();
  close_log_file();
  log.info("lost");
  ASSERT_TRUE(reopen_log_file());
  log.warning("two");
  const auto opened = fmt::format("opened log file {}\n", file_.string());
  EXPECT_EQ(messages(file_), opened + "one 1\n" + opened + "two\n");
}

TEST_F(Log, goes_to_a_new_file_after_reopening_when_the_old_one_was_moved_away) {
  ASSERT_TRUE(open_log_file(file_));
  std::filesystem::rename(file_, directory_ / "log.old");
  log.info("old");
  ASSERT_TRUE(reopen_log_file());
  log.info("new");
  const auto opened = fmt::format("opened log file {}\n", file_.string());
  EXPECT_EQ(messages(directory_ / "log.old"), opened + "old\nclosing log file\n");
  EXPECT_EQ(messages(file_), opened + "new\n");
}

TEST_F(Log, stays_as_it_is_after_reopening_the_same_file) {
  ASSERT_TRUE(open_log_file(file_));
  ASSERT_TRUE(reopen_log_file());
  EXPECT_EQ(messages(file_), fmt::format("opened log file {}\n", file_.string()));
}

TEST_F(Log, says_that_there_is_no_file_to_reopen) {
  EXPECT_EQ(reopen_log_file().error().details, "Logging to file not configured");
}

TEST_F(Log, survives_a_file_that_cannot_be_written) {
  ASSERT_TRUE(open_log_file("/dev/full"));
  log.error("lost");
  EXPECT_FALSE(open_log_file(directory_ / "nowhere" / "log"));
}

TEST_F(Log, has_console_lines_with_time_number_module_and_level) {
  set_console_level(LogLevel::info);
  testing::internal::CaptureStderr();
  log.info("hello {}", "world");
  EXPECT_TRUE(std::regex_match(testing::internal::GetCapturedStderr(),
                               std::regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\|\\d{5,}\\|test_log\\|INFO\\|"
                                          "hello world\n")));
}

TEST_F(Log, keeps_to_a_limit_unless_it_is_disabled) {
  ASSERT_TRUE(open_log_file(file_));
  LogLimit limit(1, 2);
  const auto flood = [&] {
    for (int i = 0; i < 5; ++i) log.limited(limit, LogLevel::info, "x");
  };
  flood();
  EXPECT_TRUE(messages(file_).ends_with("log\nx\nx\n"));
  ASSERT_TRUE(set_log_limits("test_log", false));
  flood();
  EXPECT_TRUE(messages(file_).ends_with("log\nx\nx\nx\nx\nx\nx\nx\n"));
  ASSERT_TRUE(set_log_limits("test_log", true));
}

}  // namespace
}  // namespace weft
