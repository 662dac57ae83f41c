#include "vsctl/column_argument.hpp"

#include <gtest/gtest.h>

#include "cli/value_format.hpp"
#include "vsctl/test_schema.hpp"
#include "vsctl/value_syntax.hpp"

namespace weft::vsctl {
namespace {

using namespace cli;

const ovsdb::TableSchema& port() { return test_table("Port"); }

std::string assigned(std::string_view argument) {
  Symbols symbols;
  const auto parsed = parse_assignment(port(), argument, symbols);
  if (!parsed) return "error: " + parsed.error().details;
  const auto& column = port().columns[parsed->column];
  return column.name + (parsed->key ? " key" : "") + " " + format_datum(column.type, parsed->value);
}

std::string got(std::string_view argument) {
  const auto parsed = parse_column_key(port(), argument);
  if (!parsed) return "error: " + parsed.error().details;
  return port().columns[parsed->column].name + (parsed->key ? " " + *parsed->key : "");
}

bool holds(std::string_view condition, std::string_view column_value) {
  Symbols symbols;
  const auto parsed = parse_condition(port(), condition, symbols);
  EXPECT_TRUE(parsed) << condition << (parsed ? "" : parsed.error().details);
  const auto value = parse_datum(port().columns[parsed->column].type, column_value, symbols);
  EXPECT_TRUE(value) << column_value;
  return parsed->holds_for(*value);
}

TEST(ColumnArgument, assigns_a_whole_column_or_one_key) {
  EXPECT_EQ(assigned("trunk=10,20"), "trunks [10, 20]");
  EXPECT_EQ(assigned("other-config:a=b"), "other_config key {a=b}");
  EXPECT_EQ(assigned("other_config:\"a b\"=c"), "other_config key {\"a b\"=c}");
}

TEST(ColumnArgument, with_a_key_the_whole_rest_is_one_value) {
  EXPECT_EQ(assigned("other_config:a=b=c,d e"), "other_config key {a=\"b=c,d e\"}");
}

TEST(ColumnArgument, a_broken_assignment_tells_what_is_missing) {
  for (const auto* argument : {"tag", "tag=", "tag!=5", "tag =5", "other_config:a:b=c", "other_config:a"}) {
    EXPECT_EQ(assigned(argument),
              "error: " + std::string(argument) + ": argument does not end in \"=\" followed by a value.");
  }
  EXPECT_EQ(assigned("=1"), "error: =1: missing column name");
  EXPECT_EQ(assigned("tag:1=2"), "error: cannot specify key to set for non-map column tag");
  EXPECT_EQ(assigned("_uuid=1"), "error: Port does not contain a column whose name matches \"_uuid\"");
}

TEST(ColumnArgument, get_takes_a_column_or_a_key_of_a_map) {
  EXPECT_EQ(got("_uuid"), "_uuid");
  EXPECT_EQ(got("external-ids:iface-id"), "external_ids iface-id");
  EXPECT_EQ(got("name:x"), "error: cannot specify key to get for non-map column name");
  EXPECT_EQ(got("name=x"), "error: name=x: trailing garbage \"=x\" in argument");
  EXPECT_EQ(got(":x"), "error: :x: missing column name");
}

TEST(ColumnArgument, arithmetic_relations_compare_sizes_then_elements) {
  EXPECT_TRUE(holds("tag=5", "5"));
  EXPECT_FALSE(holds("tag=5", "[]"));
  EXPECT_TRUE(holds("tag<6", "[]")) << "a smaller set is less";
  EXPECT_FALSE(holds("tag>4", "[]"));
  EXPECT_TRUE(holds("trunks>9", "1,2"));
  EXPECT_TRUE(holds("trunks<=1,2", "1,2"));
  EXPECT_FALSE(holds("tag!=5", "5"));
}

TEST(ColumnArgument, set_relations_look_at_elements) {
  EXPECT_TRUE(holds("trunks{>=}1", "1,2"));
  EXPECT_FALSE(holds("trunks{>=}1,3", "1,2"));
  EXPECT_TRUE(holds("trunks{<=}1,2", "[]"));
  EXPECT_TRUE(holds("trunks{in}1,2", "1"));
  EXPECT_FALSE(holds("trunks{<}1,2", "1,2"));
  EXPECT_TRUE(holds("trunks{<}1,2", "2"));
  EXPECT_TRUE(holds("trunks{>}1", "1,2"));
  EXPECT_TRUE(holds("trunks{not-in}5", "1,2"));
  EXPECT_FALSE(holds("trunks{not-in}2,5", "1,2"));
  EXPECT_TRUE(holds("other_config{>=}a=1", "a=1,b=2"));
  EXPECT_FALSE(holds("other_config{>=}a=2", "a=1,b=2")) << "the value counts too";
  EXPECT_TRUE(holds("trunks{!=}1", "2"));
  EXPECT_TRUE(holds("trunks{=}1", "1"));
}

TEST(ColumnArgument, a_missing_key_never_holds_in_arithmetic_and_is_the_empty_set_otherwise) {
  EXPECT_FALSE(holds("other_config:mtu!=1500", "{}"));
  EXPECT_TRUE(holds("other_config:mtu!=1500", "mtu=9000"));
  EXPECT_TRUE(holds("other_config:mtu{!=}1500", "{}"));
  EXPECT_TRUE(holds("other_config:mtu{=}[]", "{}"));
  EXPECT_TRUE(holds("other_config:mtu{in}1500,9000", "mtu=9000"));
}

TEST(ColumnArgument, a_condition_without_a_known_operator_names_those_there_are) {
  Symbols symbols;
  const auto parsed = parse_condition(port(), "trunks{foo}5", symbols);
  ASSERT_FALSE(parsed);
  EXPECT_TRUE(parsed.error().details.starts_with("trunks{foo}5: argument does not end in")) << parsed.error().details;
  EXPECT_TRUE(parsed.error().details.contains("\"{not-in}\"")) << parsed.error().details;
}

}  // namespace
}  // namespace weft::vsctl
