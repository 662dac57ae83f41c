#include "base/log_pattern.hpp"

#include <gtest/gtest.h>
#include <syslog.h>
#include <unistd.h>

namespace weft {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const LogRecord record{LogLevel::warning,
                       "reconnect",
                       "gone",
                       7,
                       std::chrono::system_clock::time_point(microseconds(1'700'000'000'012'345)),
                       milliseconds(42),
                       LOG_LOCAL0};

std::string with(std::string_view pattern) { return format_log_line(pattern, record); }

TEST(LogPattern, looks_by_default_as_people_know_it) {
  EXPECT_EQ(with(default_log_pattern(LogDestination::file)), "2023-11-14T22:13:20.012Z|00007|reconnect|WARN|gone");
  EXPECT_EQ(with(default_log_pattern(LogDestination::console)), "2023-11-14T22:13:20Z|00007|reconnect|WARN|gone");
  EXPECT_EQ(with(default_log_pattern(LogDestination::syslog)), "ovs|00007|reconnect|WARN|gone");
}

TEST(LogPattern, knows_each_letter) {
  EXPECT_EQ(with("%c %p %m %N %r %t%T"), "reconnect WARN gone 7 42 main");
  EXPECT_EQ(with("%A %P"), fmt::format("base_test {}", ::getpid()));
  EXPECT_EQ(with("<%B>"), "<132>");
  EXPECT_EQ(with("a%nb%%"), "a\nb%");
  EXPECT_NE(with("%E"), "");
}

TEST(LogPattern, tells_which_process_of_a_program_it_is) {
  auto of_monitor = record;
  of_monitor.subprogram = "monitor";
  EXPECT_EQ(format_log_line("%c%T", of_monitor), "reconnect(monitor)");
}

TEST(LogPattern, pads_to_the_left_or_the_right_with_blanks_or_zeros) {
  EXPECT_EQ(with("%8p|%-8p|%08p|%-08p|%2p"), "    WARN|WARN    |0000WARN|WARN0000|WARN");
}

TEST(LogPattern, puts_parts_of_a_second_where_the_time_has_number_signs) {
  EXPECT_EQ(with("%D"), "2023-11-14 22:13:20.012");
  EXPECT_EQ(with("%D{%S.#}"), "20.0");
  EXPECT_EQ(with("%D{%S.######}"), "20.012345");
  EXPECT_EQ(with("%D{%S.#########}"), "20.012345000");
}

TEST(LogPattern, takes_what_is_malformed_as_it_comes) {
  EXPECT_EQ(with("%q%{x}c"), "q{x}c");
  EXPECT_EQ(with("100%"), "100");
  EXPECT_EQ(with("%5"), "");
  EXPECT_EQ(with("%D{%H"), "22");
  EXPECT_EQ(with("%D{" + std::string(2000, 'x') + "}"), "");
}

TEST(LogPattern, does_not_grow_a_line_beyond_its_widest_field) {
  EXPECT_EQ(with("%99999999999999999999p").size(), max_log_field_width);
}

}  // namespace
}  // namespace weft
