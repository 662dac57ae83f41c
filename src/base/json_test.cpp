#include "base/json.hpp"

#include <bit>
#include <cmath>
#include <random>

namespace weft {
namespace {

TEST(Json, says_where_a_text_is_wrong) {
  const auto result = parse_json("{\"a\": 1,\n  \"b\": x}");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, "syntax error");
  EXPECT_NE(result.error().details.find("line 2"), std::string::npos) << result.error().details;
}

TEST(Json, refuses_what_follows_a_value_and_what_is_cut_off) {
  EXPECT_FALSE(parse_json("{} {}"));
  EXPECT_FALSE(parse_json("[1, 2"));
  EXPECT_FALSE(parse_json(""));
  EXPECT_TRUE(parse_json(" {}\n"));
  EXPECT_TRUE(parse_json("12"));
}

TEST(Json, refuses_nesting_beyond_its_limit) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(max_json_depth)));
  EXPECT_FALSE(parse_json(nested(max_json_depth + 1)));
  EXPECT_FALSE(parse_json(std::string(1 << 20, '[')));
}

TEST(Json, text_has_its_keys_in_order) {
  EXPECT_EQ(to_text(*parse_json(R"({"b": [1, 2.5, "x\n"], "a": {}})")), R"({"a":{},"b":[1,2.5,"x\n"]})");
}

TEST(Json, text_is_read_again_as_it_was) {
  for (const auto* text : {R"("\b\f\n\r\t\"\\/\u0000\u001f\u007fbäß")",
                           R"([-9223372036854775808,18446744073709551615])", R"({"":[true,false,null],"a":0.1})"}) {
    const auto value = *parse_json(text);
    EXPECT_EQ(*parse_json(to_text(value)), value) << text;
    EXPECT_EQ(to_text(value).find('\n'), std::string::npos);
  }
  EXPECT_EQ(to_text(json::value(std::string_view("\x01\x7f/", 3))), "\"\\u0001\x7f/\"");
}

TEST(Json, an_object_with_many_members_has_them_in_order) {
  json::object object;
  std::string text;
  for (char c = 'z'; c >= 'a'; --c) object[std::string(2, c)] = 1;
  for (char c = 'a'; c <= 'z'; ++c) text += fmt::format("{}\"{}{}\":1", c == 'a' ? "{" : ",", c, c);
  EXPECT_EQ(to_text(object), text + "}");
}

TEST(Json, a_real_becomes_the_nearest_double) {
  for (const auto* text :
       {"0.30000000000000004", "-957.9515431665459", "1.917377330098547e+208", "1.3927926388013963e-143",
        "2.2250738585072014e-308", "1.7976931348623157e308", "9007199254740993.0", "1E5"}) {
    EXPECT_EQ(parse_json(text)->to_number<double>(), std::strtod(text, nullptr)) << text;
  }
}

TEST(Json, a_real_reads_back_as_it_was) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const auto real = std::bit_cast<double>(random());
    if (!std::isfinite(real)) continue;
    ASSERT_EQ(parse_json(to_text(json::value(real)))->to_number<double>(), real);
  }
}

TEST(Json, a_whole_real_prints_without_a_fraction) { EXPECT_EQ(to_text(json::value(3.0)), "3"); }

TEST(Json, pretty_text_has_a_member_a_line) {
  EXPECT_EQ(to_text(*parse_json(R"({"b":[],"a":[1]})"), JsonStyle::pretty),
            "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}");
}

TEST(Json, an_excerpt_is_bounded) { EXPECT_EQ(excerpt(json::value("aaaaaaaaaa"), 5), "\"aaaa..."); }
TEST(Json, an_excerpt_ends_with_a_whole_character) { EXPECT_EQ(excerpt(json::value("aüüü"), 5), "\"aü..."); }

}  // namespace
}  // namespace weft
