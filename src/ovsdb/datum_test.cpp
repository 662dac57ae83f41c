#include "ovsdb/datum.hpp"

#include <gtest/gtest.h>

namespace weft::ovsdb {
namespace {

Atom text(const char* value) { return std::string(value); }
Atom number(std::int64_t value) { return value; }

TEST(Datum, set_is_sorted_and_has_each_value_once) {
  const auto set = Datum::set({number(3), number(1), number(3), number(2)});
  EXPECT_EQ(set, Datum::from_sorted({number(1), number(2), number(3)}));
}

TEST(Datum, map_is_sorted_by_key_and_keeps_the_first_of_equal_keys) {
  const auto map = Datum::map({{text("b"), number(2)}, {text("a"), number(1)}, {text("b"), number(3)}});
  EXPECT_EQ(map, Datum::from_sorted({text("a"), text("b")}, {number(1), number(2)}));
}

TEST(Datum, a_copy_outlives_what_it_was_copied_from) {
  auto map = Datum::map({{text("a"), Atom(std::string(100, 'k'))}, {text("b"), text("v")}});
  const auto copy = map;
  EXPECT_TRUE(copy.is_same_object(map));
  map = {};
  EXPECT_EQ(copy, Datum::from_sorted({text("a"), text("b")}, {Atom(std::string(100, 'k')), text("v")}));
}

TEST(Datum, finds_a_maps_value_by_key) {
  const auto map = Datum::map({{text("b"), text("2")}, {text("a"), text("1")}});
  ASSERT_NE(map.string_at("b"), nullptr);
  EXPECT_EQ(*map.string_at("b"), "2");
  EXPECT_EQ(map.string_at("c"), nullptr);
  EXPECT_EQ(Datum::set({text("a")}).value_of(text("a")), nullptr);
}

TEST(Datum, single_is_the_only_element_of_its_type) {
  const auto one = Datum::scalar(number(7));
  ASSERT_NE(one.single<std::int64_t>(), nullptr);
  EXPECT_EQ(*one.single<std::int64_t>(), 7);
  EXPECT_EQ(one.single<std::string>(), nullptr);
  EXPECT_EQ(Datum().single<std::int64_t>(), nullptr);
  EXPECT_EQ(Datum::set({number(1), number(2)}).single<std::int64_t>(), nullptr);
}

TEST(Datum, knows_how_much_two_have_in_common_at_their_ends) {
  const auto ends = [](const Datum& a, const Datum& b) {
    const auto common = common_ends(a, b);
    return std::pair(common.first, common.last);
  };
  const auto all = Datum::set({number(1), number(2), number(3), number(4)});
  EXPECT_EQ(ends(all, Datum::set({number(1), number(2), number(4)})), std::pair(2UL, 1UL));
  EXPECT_EQ(ends(all, all), std::pair(4UL, 0UL));
  EXPECT_EQ(ends(all, Datum()), std::pair(0UL, 0UL));
  EXPECT_EQ(ends(Datum::map({{text("a"), number(1)}}), Datum::map({{text("a"), number(2)}})), std::pair(0UL, 0UL));
}

TEST(Datum, sorts_by_its_elements_and_a_prefix_comes_first) {
  EXPECT_TRUE(compare(Datum(), Datum::scalar(number(1))) < 0);
  EXPECT_TRUE(compare(Datum::scalar(number(1)), Datum::set({number(1), number(2)})) < 0);
  EXPECT_TRUE(compare(Datum::scalar(number(2)), Datum::set({number(1), number(2)})) > 0);
  EXPECT_TRUE(compare(Datum::map({{text("a"), number(1)}}), Datum::map({{text("a"), number(2)}})) < 0);
  EXPECT_TRUE(compare(Datum::set({number(1)}), Datum::scalar(number(1))) == 0);
}

}  // namespace
}  // namespace weft::ovsdb
