#include "base/uuid.hpp"

#include <sys/wait.h>
#include <unistd.h>

namespace weft {
namespace {

constexpr auto text = "bc4d3e2f-7eda-4505-b7a1-caf5e5d2ca29";

TEST(Uuid, is_the_same_after_printing_and_parsing) { EXPECT_EQ(Uuid::parse(text)->to_string(), text); }

TEST(Uuid, takes_capital_digits) { EXPECT_EQ(Uuid::parse("BC4D3E2F-7EDA-4505-B7A1-CAF5E5D2CA29"), Uuid::parse(text)); }

TEST(Uuid, refuses_what_is_too_short_too_long_or_misplaced) {
  EXPECT_FALSE(Uuid::parse(""));
  EXPECT_FALSE(Uuid::parse("bc4d3e2f-7eda-4505-b7a1-caf5e5d2ca2"));
  EXPECT_FALSE(Uuid::parse("bc4d3e2f-7eda-4505-b7a1-caf5e5d2ca290"));
  EXPECT_FALSE(Uuid::parse("bc4d3e2f-7eda-4505-b7a1-caf5e5d2ca2g"));
  EXPECT_FALSE(Uuid::parse("bc4d3e2f07eda-4505-b7a1-caf5e5d2ca29"));
}

TEST(Uuid, random_ones_differ_and_are_version_4) {
  const auto a = Uuid::random();
  EXPECT_NE(a, Uuid::random());
  EXPECT_EQ(a.to_string()[14], '4');
  EXPECT_NE(std::string("89ab").find(a.to_string()[19]), std::string::npos);
}

TEST(Uuid, a_prefix_needs_enough_digits_and_dashes_in_place) {
  EXPECT_TRUE(is_uuid_prefix("bc4d", 4));
  EXPECT_TRUE(is_uuid_prefix("bc4d3e2f-7e", 4));
  EXPECT_TRUE(is_uuid_prefix(text, 4));
  EXPECT_FALSE(is_uuid_prefix("bc4", 4));
  EXPECT_FALSE(is_uuid_prefix("bc4d3e2f7e", 4));
  EXPECT_FALSE(is_uuid_prefix("wxyz", 4));
}

TEST(Uuid, of_a_child_process_is_not_its_parents) {
  [[maybe_unused]] const auto before = Uuid::random();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto ours = Uuid::random().to_string();
    ::_exit(::write(ends[1], ours.data(), ours.size()) == static_cast<ssize_t>(ours.size()) ? 0 : 1);
  }
  std::string theirs(36, ' ');
  EXPECT_EQ(::read(ends[0], theirs.data(), theirs.size()), 36);
  EXPECT_NE(Uuid::random().to_string(), theirs);
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  for (const int end : ends) ::close(end);
}

}  // namespace
}  // namespace weft
