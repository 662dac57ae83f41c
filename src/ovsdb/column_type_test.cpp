#include "ovsdb/column_type.hpp"

#include <gtest/gtest.h>

namespace weft::ovsdb {
namespace {

ColumnType type_of(std::string_view text) {
  auto type = ColumnType::from_json(parse_json(text).value());
  if (!type) ADD_FAILURE() << type.error().details;
  return type.value_or(ColumnType());
}

std::string type_error(std::string_view text) {
  const auto type = ColumnType::from_json(parse_json(text).value());
  return type ? "no error" : type.error().tag + ": " + type.error().details;
}

std::string datum_error(std::string_view type, std::string_view datum) {
  const auto parsed = type_of(type).datum_from_json(parse_json(datum).value());
  return parsed ? "no error" : parsed.error().tag + ": " + parsed.error().details;
}

TEST(ColumnType, survives_json_in_its_shortest_form) {
  for (const auto* text : {
           R"("integer")",
           R"({"key":"string","max":"unlimited","min":0,"value":"string"})",
           R"({"key":{"maxInteger":4095,"minInteger":0,"type":"integer"},"max":4096,"min":0})",
           R"({"key":{"enum":["set",["access","trunk"]],"type":"string"},"min":0})",
           R"({"key":{"enum":"only","type":"string"}})",
           R"({"key":{"refTable":"Port","type":"uuid"},"max":"unlimited","min":0})",
           R"({"key":{"type":"integer"},"max":8,"value":{"refTable":"Queue","refType":"weak","type":"uuid"}})",
           R"({"key":{"maxReal":1.5,"minReal":-0.5,"type":"real"}})",
           R"({"key":{"maxLength":32,"minLength":6,"type":"string"}})",
       }) {
    const auto type = type_of(text);
    EXPECT_EQ(type_of(to_text(type.to_json())), type) << text;
    EXPECT_EQ(*ColumnType::from_json(type.to_json()), type) << text;
  }
  EXPECT_EQ(to_text(type_of(R"({"key":{"type":"integer"},"min":1,"max":1})").to_json()), "\"integer\"");
  EXPECT_EQ(to_text(type_of(R"({"key":{"type":"uuid","refTable":"T","refType":"strong"},"min":0})").to_json()),
            R"({"key":{"refTable":"T","type":"uuid"},"min":0})");
}

TEST(ColumnType, tells_scalar_optional_set_and_map_apart) {
  EXPECT_TRUE(type_of(R"("boolean")").is_scalar());
  EXPECT_TRUE(type_of(R"({"key":"string","min":0})").is_optional_scalar());
  EXPECT_TRUE(type_of(R"({"key":"string","max":2})").is_set());
  EXPECT_TRUE(type_of(R"({"key":"string","value":"integer"})").is_map());
}

TEST(ColumnType, of_nonsense_is_a_syntax_error_that_says_what) {
  EXPECT_EQ(type_error(R"({"key":"string","min":2})"), "syntax error: ovsdb type fails constraint checks");
  EXPECT_EQ(type_error(R"({"key":"string","max":0})"), "syntax error: ovsdb type fails constraint checks");
  EXPECT_EQ(type_error(R"({"min":0})"), "syntax error: Parsing ovsdb type failed: Required 'key' member is missing.");
  EXPECT_EQ(type_error(R"({"key":{"type":"string","minInteger":1}})"),
            "syntax error: Parsing ovsdb type failed: Member 'minInteger' is present but not allowed here.");
  EXPECT_EQ(type_error(R"({"key":{"type":"integer","minInteger":2,"maxInteger":1}})"),
            "syntax error: minInteger exceeds maxInteger");
  EXPECT_EQ(type_error(R"({"key":{"type":"uuid","refTable":"T","refType":"soft"}})"),
            "syntax error: refType must be \"strong\" or \"weak\" (not \"soft\")");
  EXPECT_EQ(type_error("[]"), "syntax error: Parsing ovsdb type failed: Object expected.");
}

TEST(ColumnType, reads_data_in_every_form_and_writes_the_shortest) {
  const auto set = type_of(R"({"key":"integer","min":0,"max":"unlimited"})");
  EXPECT_EQ(*set.datum_from_json(5), *set.datum_from_json(parse_json(R"(["set",[5]])").value()));
  EXPECT_EQ(to_text(set.datum_to_json(*set.datum_from_json(5))), "5");
  EXPECT_EQ(to_text(set.datum_to_json({})), R"(["set",[]])");
  const auto map = type_of(R"({"key":"string","value":"integer","min":0,"max":"unlimited"})");
  EXPECT_EQ(to_text(map.datum_to_json(*map.datum_from_json(parse_json(R"(["map",[["b",2],["a",1]]])").value()))),
            R"(["map",[["a",1],["b",2]]])");
}

TEST(ColumnType, default_is_empty_where_that_is_allowed) {
  EXPECT_TRUE(type_of(R"({"key":"string","min":0})").default_datum().empty());
  EXPECT_EQ(type_of(R"("string")").default_datum(), Datum::scalar(std::string()));
  EXPECT_EQ(type_of(R"({"key":"integer","value":"boolean"})").default_datum(), Datum::map({{std::int64_t{0}, false}}));
}

TEST(ColumnType, is_described_in_words) {
  EXPECT_EQ(type_of(R"("integer")").describe(), "integer");
  EXPECT_EQ(type_of(R"({"key":"uuid","min":0,"max":"unlimited"})").describe(), "set of uuids");
  EXPECT_EQ(type_of(R"({"key":"real","max":"unlimited"})").describe(), "set of 1 or more reals");
  EXPECT_EQ(type_of(R"({"key":"string","min":0})").describe(), "set of up to 1 strings");
  EXPECT_EQ(type_of(R"({"key":"string","value":"real"})").describe(), "map of 1 to 1 (string, real) pairs");
}

TEST(ColumnType, refuses_values_out_of_bounds) {
  EXPECT_EQ(datum_error(R"({"key":{"type":"integer","minInteger":1,"maxInteger":3}})", "4"),
            "constraint violation: 4 is not in the valid range 1 to 3 (inclusive)");
  EXPECT_EQ(datum_error(R"({"key":{"type":"integer","maxInteger":4095}})", "4096"),
            "constraint violation: 4096 is greater than maximum allowed value 4095");
  EXPECT_EQ(datum_error(R"({"key":{"type":"real","minReal":0.5}})", "0.25"),
            "constraint violation: 0.25 is less than minimum allowed value 0.5");
  EXPECT_EQ(datum_error(R"({"key":{"type":"string","enum":["set",["a","b"]]}})", "\"c\""),
            "constraint violation: c is not one of the allowed values ([a, b])");
  EXPECT_EQ(datum_error(R"({"key":{"type":"string","maxLength":3}})", "\"äöüß\""),
            "constraint violation: \"äöüß\" length 4 is greater than maximum allowed length 3");
  EXPECT_EQ(datum_error(R"({"key":{"type":"string","maxLength":4}})", "\"äöüß\""), "no error");
}

TEST(ColumnType, refuses_a_wrong_number_of_elements_and_repetitions) {
  EXPECT_EQ(datum_error(R"({"key":"integer","max":2})", R"(["set",[]])"),
            "syntax error: set must have 1 to 2 members but 0 are present");
  EXPECT_EQ(datum_error(R"({"key":"integer","max":2})", R"(["set",[1,1]])"), "ovsdb error: set contains duplicate");
  EXPECT_EQ(datum_error(R"({"key":"integer","value":"integer","max":2})", R"(["map",[[1,1],[1,2]]])"),
            "ovsdb error: map contains duplicate key");
  EXPECT_EQ(datum_error(R"({"key":"integer","value":"integer"})", "1"), "syntax error: expected [\"map\", <array>]");
  EXPECT_EQ(datum_error("\"integer\"", R"(["set",3])"), "syntax error: expected [\"set\", <array>]");
}

}  // namespace
}  // namespace weft::ovsdb
