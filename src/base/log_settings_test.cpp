#include "base/log_settings.hpp"

#include <gtest/gtest.h>

#include "base/log_core.hpp"

namespace weft {
namespace {

const LogModule first("test_first");
const LogModule second("test_second");

// Leaves the log as it was.
class LogSettings : public testing::Test {
 protected:
  LogSettings() : core_(LogCore::get()), modules_(core_.modules), patterns_(core_.patterns) {}
  ~LogSettings() override {
    for (const auto& [name, module] : modules_) core_.modules.at(name) = module;
    core_.patterns = patterns_;
    core_.facility = std::nullopt;
  }

  static std::string why(std::string_view spec) { return apply_log_spec(spec).error().details; }
  static std::string levels_of(std::string_view module) {
    const auto table = describe_log_levels();
    const auto start = table.find("\n" + std::string(module) + " ") + 1;
    return table.substr(start, table.find('\n', start) - start);
  }

 private:
  LogCore& core_;
  std::map<std::string, LogModule::State, std::less<>> modules_;
  decltype(LogCore::patterns) patterns_;
};

TEST_F(LogSettings, take_a_level_a_destination_and_a_module_in_any_order_and_case) {
  ASSERT_TRUE(apply_log_spec("info"));
  EXPECT_EQ(levels_of("test_first"), "test_first        INFO       INFO       INFO");
  ASSERT_TRUE(apply_log_spec("Err:TEST_FIRST,syslog"));
  EXPECT_EQ(levels_of("test_first"), "test_first        INFO        ERR       INFO");
  ASSERT_TRUE(apply_log_spec("file off"));
  EXPECT_EQ(levels_of("test_second"), "test_second       INFO       INFO        OFF");
  ASSERT_TRUE(apply_log_spec("test_first"));
  EXPECT_EQ(levels_of("test_first"), "test_first         DBG        DBG        DBG");
  ASSERT_TRUE(apply_log_spec("any:any:emer"));
  EXPECT_EQ(levels_of("test_second"), "test_second       EMER       EMER       EMER");
}

TEST_F(LogSettings, accept_modules_of_open_vswitch_that_we_do_not_have) {
  EXPECT_FALSE(describe_log_levels().contains("ofproto_dpif_xlate"));
  ASSERT_TRUE(apply_log_spec("OFPROTO_DPIF_XLATE:file:warn"));
  EXPECT_TRUE(levels_of("ofproto_dpif_xlate").ends_with("WARN"));
}

TEST_F(LogSettings, say_what_they_do_not_understand) {
  EXPECT_EQ(why("nonexistent"), "no destination, level, or module \"nonexistent\"");
  EXPECT_EQ(why("info:dbg"), "cannot specify multiple levels");
  EXPECT_EQ(why("console,file"), "cannot specify multiple destinations");
  EXPECT_EQ(why("test_first test_second"), "cannot specify multiple modules");
  EXPECT_EQ(why("PATTERN"), "missing destination");
  EXPECT_EQ(why("pattern:nowhere"), "unknown destination \"nowhere\"");
  EXPECT_EQ(why("FACILITY:invalid"), "invalid facility");
  EXPECT_EQ(why("FACILITY"), "invalid facility");
}

TEST_F(LogSettings, change_nothing_when_they_are_wrong) {
  ASSERT_TRUE(apply_log_spec("info"));
  EXPECT_FALSE(apply_log_spec("test_first:dbg:nonexistent"));
  EXPECT_EQ(levels_of("test_first"), "test_first        INFO       INFO       INFO");
}

TEST_F(LogSettings, set_the_pattern_of_a_destination_or_of_all) {
  ASSERT_TRUE(apply_log_spec("PATTERN:file:a b:%m"));
  EXPECT_TRUE(describe_log_patterns().ends_with("FILE     none                              a b:%m\n"));
  ASSERT_TRUE(apply_log_spec("pattern any,%c"));
  EXPECT_TRUE(describe_log_patterns().contains("CONSOLE  none                              %c\n"));
}

TEST_F(LogSettings, disable_the_limits_of_a_module) {
  ASSERT_TRUE(set_log_limits("test_first", false));
  EXPECT_FALSE(LogCore::get().module("test_first").has_limits);
  EXPECT_TRUE(LogCore::get().module("test_second").has_limits);
  ASSERT_TRUE(set_log_limits("", true));
  EXPECT_TRUE(LogCore::get().module("test_first").has_limits);
  EXPECT_EQ(set_log_limits("nonexistent", true).error().details, "unknown module");
}

TEST_F(LogSettings, refuse_a_syslog_method_that_is_none) {
  EXPECT_EQ(set_syslog_method("foo").error().details, "unsupported syslog method 'foo'");
}

}  // namespace
}  // namespace weft
