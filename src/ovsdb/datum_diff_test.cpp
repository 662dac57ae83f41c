#include "ovsdb/datum_diff.hpp"

#include <gtest/gtest.h>

namespace weft::ovsdb {
namespace {

// The difference from `before` to `after` as JSON; applying it to `before` must give `after`.
std::string difference_of(std::string_view type_text, std::string_view before_text, std::string_view after_text) {
  const auto type = ColumnType::from_json(parse_json(type_text).value()).value();
  const auto before = type.datum_from_json(parse_json(before_text).value()).value();
  const auto after = type.datum_from_json(parse_json(after_text).value()).value();
  const auto diff = difference(type, before, after);
  EXPECT_EQ(*apply_difference(type, before, diff), after);
  const auto json = difference_type(type).datum_to_json(diff);
  EXPECT_EQ(*difference_type(type).datum_from_json(json), diff);
  return to_text(json);
}

constexpr char scalar[] = R"("integer")";
constexpr char optional[] = R"({"key":"string","min":0})";
constexpr char pair_of_strings[] = R"({"key":"string","value":"string"})";
constexpr char two_strings[] = R"({"key":"string","max":2})";
constexpr char map[] = R"({"key":"string","value":"integer","min":0,"max":"unlimited"})";

TEST(Difference, of_a_single_value_is_the_new_one) {
  EXPECT_EQ(difference_of(scalar, "1", "2"), "2");
  EXPECT_EQ(difference_of(optional, R"("a")", R"("b")"), R"("b")");
  EXPECT_EQ(difference_of(optional, R"("a")", R"(["set",[]])"), R"(["set",[]])");
  EXPECT_EQ(difference_of(pair_of_strings, R"(["map",[["a","1"]]])", R"(["map",[["b","2"]]])"),
            R"(["map",[["b","2"]]])");
}

TEST(Difference, of_sets_is_what_one_of_them_has) {
  EXPECT_EQ(difference_of(two_strings, R"(["set",["a","b"]])", R"(["set",["b","c"]])"), R"(["set",["a","c"]])");
  EXPECT_EQ(difference_of(two_strings, R"(["set",["a","b"]])", R"("b")"), R"("a")");
  EXPECT_EQ(difference_of(two_strings, R"(["set",["a","b"]])", R"(["set",["c","d"]])"), R"(["set",["a","b","c","d"]])");
}

TEST(Difference, of_maps_is_the_pairs_that_came_left_or_changed) {
  EXPECT_EQ(difference_of(map, R"(["map",[["a",1],["b",2],["c",3]]])", R"(["map",[["b",5],["c",3],["d",4]]])"),
            R"(["map",[["a",1],["b",5],["d",4]]])");
  EXPECT_EQ(difference_of(map, R"(["map",[["a",1]]])", R"(["map",[]])"), R"(["map",[["a",1]]])");
}

TEST(Difference, that_breaks_the_columns_constraints_is_not_applied) {
  const auto type = ColumnType::from_json(parse_json(two_strings).value()).value();
  const auto string = [](const char* text) { return Atom(std::string(text)); };
  const auto result = apply_difference(type, Datum::set({string("a"), string("b")}), Datum::scalar(string("c")));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().details, "Attempted to store 3 elements in set of 1 to 2 strings.");
}

}  // namespace
}  // namespace weft::ovsdb
