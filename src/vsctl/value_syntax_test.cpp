#include "vsctl/value_syntax.hpp"

#include <gtest/gtest.h>

#include "cli/value_format.hpp"

namespace weft::vsctl {
namespace {

using namespace cli;

using ovsdb::AtomType;
using ovsdb::unlimited;

const ColumnType trunks{
    .key = {.type = AtomType::integer, .min_integer = 0, .max_integer = 4095}, .min = 0, .max = 4096};
const ColumnType any_integers{.key = {.type = AtomType::integer}, .min = 0, .max = unlimited};
const ColumnType tag{.key = trunks.key, .min = 0, .max = 1};
const ColumnType name{.key = {.type = AtomType::string}};
const ColumnType options{.key = {.type = AtomType::string}, .value = BaseType{}, .min = 0, .max = unlimited};
const ColumnType ports{.key = {.type = AtomType::uuid}, .min = 0, .max = unlimited};

// What was understood, printed again; or the error.
std::string read(const ColumnType& type, std::string_view text) {
  Symbols symbols;
  const auto datum = parse_datum(type, text, symbols);
  return datum ? format_datum(type, *datum) : "error: " + datum.error().details;
}

std::string read_atom(const BaseType& type, std::string_view text) {
  Symbols symbols;
  const auto atom = parse_atom(type, text, symbols);
  return atom ? format_atom(*atom) : "error: " + atom.error().details;
}

TEST(ValueSyntax, a_set_may_be_separated_by_spaces_or_commas_with_or_without_brackets) {
  for (const auto* text : {"1,2", "1 2", "[1,2]", "[ 1 , 2 ]", "1, 2", "2,1,", " 1,2", "+1,02"}) {
    EXPECT_EQ(read(trunks, text), "[1, 2]") << text;
  }
  EXPECT_EQ(read(trunks, "[]"), "[]");
}

TEST(ValueSyntax, a_set_of_integers_takes_ranges) {
  EXPECT_EQ(read(trunks, "1-3,7"), "[1, 2, 3, 7]");
  EXPECT_EQ(read(any_integers, "-3--1"), "[-3, -2, -1]");
  EXPECT_EQ(read(trunks, "3-1"), "error: \"3-1\" is not a valid range. Range end cannot be before start.");
  EXPECT_EQ(read(any_integers, "1-4097"), "error: Range \"1-4097\" is too big. Maximum allowed size is 4096.");
  EXPECT_EQ(read_atom(any_integers.key, "1-5"), "error: \"1-5\" is not a valid integer or range");
}

TEST(ValueSyntax, many_ranges_cannot_exhaust_the_memory) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "1-4096,";
  EXPECT_EQ(read(any_integers, text), "error: more than 100000 values in one argument");
}

TEST(ValueSyntax, nonsense_among_integers_is_named) {
  for (const auto* text : {"x", "1x", "0x10", "1.5", "1-", "\"1\"", "99999999999999999999", "+-5", "-"}) {
    EXPECT_EQ(read(trunks, text), "error: \"" + std::string(text) + "\" is not a valid integer or range") << text;
  }
  EXPECT_EQ(read(trunks, "1,1-3"), "error: 1,1-3: set contains duplicate value");
  EXPECT_EQ(read(trunks, "1]"), "error: 1]: unexpected \"]\" parsing set of up to 4096 integers");
  EXPECT_EQ(read(trunks, "[1,2"), "error: [1,2: missing \"]\" at end of data");
  EXPECT_EQ(read(trunks, "[1]x"), "error: [1]x: trailing garbage after \"]\"");
  EXPECT_EQ(read(trunks, "5000"), "error: 5000 is not in the valid range 0 to 4095 (inclusive)");
  EXPECT_EQ(read(tag, "1,2"), "error: 1,2: 2 value(s) specified but the maximum number is 1");
  EXPECT_EQ(read(name, "[]"), "error: []: 0 value(s) specified but the minimum number is 1");
}

TEST(ValueSyntax, a_map_reads_pairs) {
  EXPECT_EQ(read(options, "{}"), "{}");
  EXPECT_EQ(read(options, "a=b c=d"), "{a=b, c=d}");
  EXPECT_EQ(read(options, "{a = b , c=\"\"}"), "{a=b, c=\"\"}");
  EXPECT_EQ(read(options, R"("x y"="z,1")"), R"({"x y"="z,1"})");
  EXPECT_EQ(read(options, R"(a\=b=c)"), R"({"a=b"=c})");
  EXPECT_EQ(read(options, R"(x"y z"=q)"), R"({"x\"y z\""=q})");
  EXPECT_EQ(read(options, R"({x="a\"b\nc"})"), R"({x="a\"b\nc"})");
}

TEST(ValueSyntax, a_broken_map_is_told_where_it_broke) {
  EXPECT_EQ(read(options, "a"), "error: a: syntax error at end expecting \"=\"");
  EXPECT_EQ(read(options, "a:b=c"), "error: a:b=c: syntax error at \":\" expecting \"=\"");
  EXPECT_EQ(read(options, "a=b=c"), "error: a=b=c: unexpected \"=\" parsing map of (string, string) pairs");
  EXPECT_EQ(read(options, "a=b,,c=d"), "error: a=b,,c=d: unexpected \",\" parsing map of (string, string) pairs");
  EXPECT_EQ(read(options, "{a=b"), "error: {a=b: missing \"}\" at end of data");
  EXPECT_EQ(read(options, "a=b,a=c"), "error: a=b,a=c: map contains duplicate key");
  EXPECT_EQ(read(options, "a="),
            "error: An empty string is not valid as input; use \"\" to represent the empty string");
  EXPECT_EQ(read(options, "a=\"b"), "error: \"b: quoted string extends past end of argument");
  EXPECT_EQ(read(options, "a=b\\"), "error: b\\: backslash at end of argument");
}

TEST(ValueSyntax, a_single_string_takes_everything_and_may_be_quoted) {
  EXPECT_EQ(read_atom({}, "a=b,c [d]"), R"("a=b,c [d]")");
  EXPECT_EQ(read_atom({}, R"("\u00e9\n")"), "\"\xc3\xa9\\n\"");
  EXPECT_EQ(read_atom({}, R"("a"b)"), R"(error: "a"b: missing quote at end of quoted string)");
  EXPECT_EQ(read_atom({}, R"(")"), R"(error: ": missing quote at end of quoted string)");
  EXPECT_EQ(read_atom({}, R"("a"b")"), R"(error: "a"b": missing quote at end of quoted string)");
  EXPECT_EQ(read_atom({}, R"("\q")"), R"(error: "\q": bad escape in quoted string (JSON's are allowed))");
  EXPECT_EQ(read_atom({}, "\xff"), "error: \"\xff\" is not valid UTF-8 text");
}

TEST(ValueSyntax, booleans_have_four_names_each_and_reals_are_numbers) {
  EXPECT_EQ(read_atom({.type = AtomType::boolean}, "true"), "true");
  for (const auto* word : {"yes", "on", "1"}) EXPECT_EQ(read_atom({.type = AtomType::boolean}, word), "true");
  for (const auto* word : {"no", "off", "0"}) EXPECT_EQ(read_atom({.type = AtomType::boolean}, word), "false");
  EXPECT_EQ(read_atom({.type = AtomType::boolean}, "Yes"),
            "error: \"Yes\" is not a valid boolean (use \"true\" or \"false\")");
  EXPECT_EQ(read_atom({.type = AtomType::real}, "1.5"), "1.5");
  EXPECT_EQ(read_atom({.type = AtomType::real}, "nan"), "error: \"nan\" is not a valid real number");
}

TEST(ValueSyntax, a_uuid_may_be_a_row_id_given_before_or_after) {
  Symbols symbols;
  const auto datum = parse_datum(ports, "@a,@b", symbols);
  ASSERT_TRUE(datum);
  EXPECT_TRUE(datum->contains(*symbols.create("@a")));
  EXPECT_FALSE(symbols.check_complete()) << "@b was never created";
  EXPECT_TRUE(datum->contains(*symbols.create("@b")));
  EXPECT_TRUE(symbols.check_complete());
  EXPECT_FALSE(symbols.create("@b")) << "a second --id of one name";
  EXPECT_FALSE(symbols.create("b")) << "no @";
  EXPECT_EQ(read(ports, "123"), "error: \"123\" is not a valid UUID");
}

TEST(ValueSyntax, a_row_id_of_get_must_come_before_its_use) {
  Symbols symbols;
  symbols.refer("@x");
  EXPECT_FALSE(symbols.bind("@x", Uuid::random()));
  const auto row = Uuid::random();
  ASSERT_TRUE(symbols.bind("@y", row));
  EXPECT_EQ(symbols.refer("@y"), row);
}

}  // namespace
}  // namespace weft::vsctl
