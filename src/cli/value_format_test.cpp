#include "cli/value_format.hpp"

#include <gtest/gtest.h>

namespace weft::cli {
namespace {

using ovsdb::AtomType;

const ColumnType optional_string{.key = {.type = AtomType::string}, .min = 0, .max = 1};
const ColumnType integers{.key = {.type = AtomType::integer}, .min = 0, .max = ovsdb::unlimited};
const ColumnType strings_by_string{
    .key = {.type = AtomType::string}, .value = BaseType{.type = AtomType::string}, .min = 0, .max = ovsdb::unlimited};

Datum text(std::string value) { return Datum::scalar(std::move(value)); }

TEST(ValueFormat, shows_an_optional_value_without_brackets_and_its_absence_as_empty_brackets) {
  EXPECT_EQ(format_datum(optional_string, text("secure")), "secure");
  EXPECT_EQ(format_datum(optional_string, text("")), "\"\"");
  EXPECT_EQ(format_datum(optional_string, Datum()), "[]");
}

TEST(ValueFormat, shows_a_set_in_brackets_even_with_one_element) {
  EXPECT_EQ(format_datum(integers, Datum::scalar(std::int64_t{5})), "[5]");
  EXPECT_EQ(format_datum(integers, Datum::set({std::int64_t{2}, std::int64_t{1}})), "[1, 2]");
}

TEST(ValueFormat, shows_a_map_in_braces_and_quotes_what_is_no_identifier) {
  const auto map = Datum::map({{std::string("b"), std::string("x\"y\n")}, {std::string("a b"), std::string("1")}});
  EXPECT_EQ(format_datum(strings_by_string, map), R"({"a b"="1", b="x\"y\n"})");
  EXPECT_EQ(format_datum(strings_by_string, map, DataStyle::bare), "a b=1 b=x\"y\n");
  EXPECT_EQ(format_datum(strings_by_string, map, DataStyle::json), R"(["map",[["a b","1"],["b","x\"y\n"]]])");
}

TEST(ValueFormat, shows_a_uuid_as_such_except_in_json) {
  const auto uuid = *Uuid::parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  EXPECT_EQ(format_atom(uuid), "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  EXPECT_EQ(format_atom(uuid, DataStyle::json), R"(["uuid","f81d4fae-7dec-11d0-a765-00a0c91e6bf6"])");
}

}  // namespace
}  // namespace weft::cli
