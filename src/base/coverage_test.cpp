#include "base/coverage.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

EventCounter hit("test_event_hit");
EventCounter never("test_event_never");

std::string line_of(std::string_view name) {
  const auto table = Coverage::describe();
  const auto start = table.find("\n" + std::string(name) + " ");
  return start == std::string::npos ? "none" : table.substr(start + 1, table.find('\n', start + 1) - start - 1);
}

TEST(Coverage, tells_totals_and_rates_of_what_happened) {
  hit.count(10);
  EXPECT_EQ(line_of("test_event_hit"),
            "test_event_hit             0.0/sec     0.000/sec        0.0000/sec   total: 10");
  Coverage::sample();
  EXPECT_EQ(line_of("test_event_hit"),
            "test_event_hit             2.0/sec     0.167/sec        0.0000/sec   total: 10");
  for (int i = 0; i < 11; ++i) Coverage::sample();
  EXPECT_EQ(line_of("test_event_hit"),
            "test_event_hit             0.0/sec     0.167/sec        0.0028/sec   total: 10");
  for (int i = 0; i < 12 * 60; ++i) Coverage::sample();
  EXPECT_EQ(line_of("test_event_hit"),
            "test_event_hit             0.0/sec     0.000/sec        0.0000/sec   total: 10");
  EXPECT_EQ(Coverage::total_of("test_event_hit"), 10u);
}

TEST(Coverage, leaves_out_what_never_happened) {
  EXPECT_EQ(line_of("test_event_never"), "none");
  EXPECT_EQ(Coverage::total_of("test_event_never"), 0u);
  EXPECT_EQ(Coverage::total_of("no_such_event"), std::nullopt);
}

}  // namespace
}  // namespace weft
