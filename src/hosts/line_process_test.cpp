#include "hosts/line_process.hpp"

#include <gtest/gtest.h>

namespace weft::hosts {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

auto in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

Result<LineProcess> start(const std::vector<std::string>& command) { return LineProcess::start(Place{}, command); }

TEST(LineProcess, answers_line_by_line) {
  auto process = start({"cat"});
  ASSERT_TRUE(process);
  ASSERT_TRUE(process->write_line("one", in(10s)));
  ASSERT_TRUE(process->write_line("two", in(10s)));
  EXPECT_EQ(*process->read_line(in(10s)), "one");
  EXPECT_EQ(*process->read_line(in(10s)), "two");
}

TEST(LineProcess, that_says_nothing_is_not_waited_for_beyond_the_deadline) {
  auto process = start({"cat"});
  ASSERT_TRUE(process);
  EXPECT_EQ(process->read_line(in(1ms)).error().tag, "timeout");
}

TEST(LineProcess, that_has_ended_is_quoted) {
  auto process = start({"sh", "-c", "echo last; echo out of paper >&2"});
  ASSERT_TRUE(process);
  EXPECT_EQ(*process->read_line(in(10s)), "last");
  EXPECT_EQ(process->read_line(in(10s)).error().details, "sh has ended: out of paper");
}

TEST(LineProcess, may_not_say_lines_without_end) {
  auto process = start({"cat", "/dev/zero"});
  ASSERT_TRUE(process);
  EXPECT_EQ(process->read_line(in(60s)).error().tag, "too long");
}

TEST(LineProcess, of_no_program_is_an_error) { EXPECT_FALSE(start({"no-such-program-here"})); }

TEST(LineProcess, on_a_host_that_does_not_run_is_an_error) {
  const auto started = LineProcess::start({.name = "host1", .directory = "/nonexistent/host1"}, {"cat"});
  EXPECT_EQ(started.error().details, "host1 does not run");
}

}  // namespace
}  // namespace weft::hosts
