#include "ovsdb/arithmetic.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace weft::ovsdb {
namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto most = std::numeric_limits<std::int64_t>::max();

std::string result_of(const Atom& atom, Mutator mutator, const Atom& by) {
  const auto result = mutate_number(atom, mutator, by);
  return result ? to_text(to_json(*result)) : result.error().tag;
}
std::string integer(std::int64_t value, Mutator mutator, std::int64_t by) { return result_of(value, mutator, by); }
std::string real(double value, Mutator mutator, double by) { return result_of(value, mutator, by); }

TEST(Arithmetic, of_integers_truncates_towards_zero) {
  EXPECT_EQ(integer(-7, Mutator::divide, 2), "-3");
  EXPECT_EQ(integer(-7, Mutator::remainder, 4), "-3");
  EXPECT_EQ(integer(7, Mutator::subtract, 9), "-2");
}

TEST(Arithmetic, that_leaves_64_bits_is_a_range_error) {
  EXPECT_EQ(integer(most, Mutator::add, 1), "range error");
  EXPECT_EQ(integer(least, Mutator::subtract, 1), "range error");
  EXPECT_EQ(integer(least, Mutator::multiply, -1), "range error");
  EXPECT_EQ(integer(least, Mutator::divide, -1), "range error");
  EXPECT_EQ(integer(least, Mutator::remainder, -1), "range error");
  EXPECT_EQ(integer(most, Mutator::multiply, 1), "9223372036854775807");
}

TEST(Arithmetic, of_reals_that_leaves_the_finite_is_a_range_error) {
  EXPECT_EQ(real(1e308, Mutator::multiply, 10), "range error");
  EXPECT_EQ(real(1.5, Mutator::divide, 0.5), "3");
}

TEST(Arithmetic, by_zero_is_a_domain_error) {
  EXPECT_EQ(integer(1, Mutator::divide, 0), "domain error");
  EXPECT_EQ(integer(1, Mutator::remainder, 0), "domain error");
  EXPECT_EQ(real(1, Mutator::divide, 0), "domain error");
}

}  // namespace
}  // namespace weft::ovsdb
